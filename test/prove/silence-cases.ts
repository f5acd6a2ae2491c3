import type { Random } from './random.ts'

/** One message of the campaign. */
export interface SilenceCase {
  /** For the report of a failure. */
  readonly kind: string
  readonly number: number
  /** What is pushed; `undefined` for an empty push. */
  readonly payload: Uint8Array | undefined
  /** How often: more than once only for a message that can be known again. */
  readonly deliveries: number
  /** Whether they come at the same moment. */
  readonly atOnce: boolean
}

/** What messages meet in the worker, by the names that `silence-worker.js` has for it. */
export interface SilenceConditions {
  /** The parts that are at work. */
  readonly parts: readonly string[]
  readonly storage: 'good' | 'fails' | 'blocked' | 'slow' | 'quota'
  readonly show: 'good' | 'picky' | 'stuck'
}

/**
 * Milliseconds that a notification may take beside its deadline, when that is short: 250 to look once
 * more who is signed in and 250 for pictures are granted in any case. Of the default deadline they
 * are a part.
 */
export const graceMs = 500

/** Where the worker's requests come to, and what they come to: see `answerSilence`. */
const paths = ['/json', '/json?slow', '/hang', '/500', '/html', '/cut', '/missing'] as const

const storages = ['good', 'good', 'good', 'fails', 'blocked', 'slow', 'quota'] as const
const shows = ['good', 'good', 'good', 'picky', 'stuck'] as const

const parts = [
  'fetch-message',
  'translations',
  'groups',
  'foreground',
  'inbox',
  'badge',
  'receipts',
  'posts',
  'broken',
  'hanging',
] as const

/** Draws what the next messages meet: half of the time none of the parts, else each now and then. */
export function makeConditions(random: Random): SilenceConditions {
  const most = random.below(2) * 3
  return {
    storage: random.pick(storages),
    show: random.pick(shows),
    parts: parts.filter(() => random.below(6) < most),
  }
}

/**
 * Draws a message.
 *
 * @param number - Keeps it apart from all others.
 * @param deadlineMs - The worker's, which some routes are just in time for, and some too late.
 */
export function makeCase(random: Random, number: number, deadlineMs: number): SilenceCase {
  const [kind, payload] = random.pick(makers)(random, number, deadlineMs)
  const repeats = kind.startsWith('route') && random.below(4) === 0
  return {
    kind,
    number,
    payload: typeof payload === 'string' ? new TextEncoder().encode(payload) : payload,
    deliveries: repeats ? 2 + random.below(2) : 1,
    atOnce: random.below(2) === 0,
  }
}

type Maker = (
  random: Random,
  number: number,
  deadlineMs: number,
) => readonly [kind: string, payload: string | Uint8Array | undefined]

const routed: Maker = (random, number, deadlineMs) => {
  const { type, data } = random.pick(routes)(random, number, deadlineMs)
  const message = envelope(random, number, type, data)
  return [`route ${type}`, JSON.stringify(message)]
}

const makers: readonly [Maker, ...Maker[]] = [
  routed,
  routed,
  routed,
  routed,
  () => ['empty', undefined],
  (random) => ['octets', new Uint8Array(random.octets(random.below(300)))],
  (random) => ['json', JSON.stringify(anyJson(random, 4)) ?? 'null'],
  (random) => ['text', Array.from({ length: random.below(40) }, () => anyText(random)).join('')],
  (random, number) => {
    const format = random.pick(formats)(random, number)
    return ['format', JSON.stringify(format)]
  },
  (random, number) => {
    const format = random.pick(formats)(random, number)
    return ['changed format', JSON.stringify(changed(random, number, format))]
  },
  (random, number) => {
    const octets = Buffer.from(JSON.stringify(random.pick(formats)(random, number)))
    for (let count = random.below(6); count > 0; count--) {
      octets[random.below(octets.length)] = random.below(256)
    }
    const end = random.below(3) === 0 ? random.below(octets.length) : octets.length
    return ['changed octets', new Uint8Array(octets.subarray(0, end))]
  },
]

type RouteMaker = (
  random: Random,
  number: number,
  deadlineMs: number,
) => { readonly type: string; readonly data: object }

const plainRoute =
  (type: string): RouteMaker =>
  (random, number) => ({ type, data: { number, which: random.below(1000) } })

const routes: readonly [RouteMaker, ...RouteMaker[]] = [
  plainRoute('good'),
  ...(['throws', 'rejects', 'hangs', 'unknown', 'refused', 'broken', 'stuck'] as const).map(
    plainRoute,
  ),
  plainRoute('nonsense'),
  plainRoute('nonsense'),
  plainRoute('odd'),
  plainRoute('odd'),
  (_, number, deadlineMs) => ({
    type: 'late',
    data: { number, ms: Math.round(deadlineMs * (0.6 + (number % 9) / 4)) },
  }),
  (random, number) => ({
    type: 'network',
    data: { number, path: random.pick(paths), heeds: random.below(2) === 0 },
  }),
  (random, number) => ({ type: 'pictures', data: { number, path: random.pick(paths) } }),
]

/** Of texts: one that there is, one that there is not, and one that is none. */
const keys = ['hello', 'missing', '__proto__'] as const

function envelope(random: Random, number: number, type: string, data: unknown) {
  const recipient = random.pick([undefined, undefined, 'anna', 'bert'] as const)
  return {
    web_push: 8030,
    mutable: true,
    ...(random.below(2) === 0 && { notification: declared(random, number) }),
    pushwell: {
      v: 1,
      id: `${random.octets(6).toString('hex')}-${number}`,
      type,
      data,
      ...(recipient && { recipient }),
      sentAt: 0,
      ...(random.below(4) === 0 && { group: `group ${number}` }),
      ...(random.below(4) === 0 && { close: [`none ${number}`] }),
      ...(random.below(4) === 0 && { localized: { title: { key: random.pick(keys) } } }),
    },
  }
}

function declared(random: Random, number: number) {
  return {
    title: `#${number} declared`,
    navigate: `https://app.example/${number}`,
    ...(random.below(2) === 0 && { body: 'Body' }),
    ...(random.below(3) === 0 && { tag: `tag ${number}` }),
    ...(random.below(3) === 0 && { icon: random.pick(paths) }),
    ...(random.below(3) === 0 && { actions: [{ action: 'track', title: 'Track', navigate: '/' }] }),
    ...(random.below(3) === 0 && { silent: random.below(2) === 0 }),
    ...(random.below(2) === 0 && { mutable: true }),
  }
}

type FormatMaker = (random: Random, number: number) => object

const formats: readonly [FormatMaker, ...FormatMaker[]] = [
  (random, number) => envelope(random, number, 'good', { number }),
  (random, number) => ({ web_push: 8030, notification: declared(random, number) }),
  (random, number) => ({
    notification: {
      ...declared(random, number),
      data: { onActionClick: { default: { operation: 'openWindow', url: '/a' } } },
    },
  }),
  (random, number) => ({
    notification: { title: `#${number} fcm`, body: 'Body', image: random.pick(paths) },
    data: { key: 'value' },
    fcmOptions: { link: 'https://app.example/fcm' },
  }),
  (_, number) => ({ title: `#${number} flat`, alert: 'Body', custom: { i: `${number}`, u: '/a' } }),
]

/** Puts something else in the place of some members, or leaves them out. */
function changed(random: Random, number: number, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return random.below(6) === 0 ? anyOther(random, number) : value
  }
  if (random.below(12) === 0) return anyOther(random, number)
  const entries = Object.entries(value).filter(() => random.below(12) > 0)
  const members = entries.map(([name, member]) => [name, changed(random, number, member)] as const)
  if (Array.isArray(value)) return members.map(([, member]) => member)
  return Object.fromEntries(members)
}

/** Texts have the number in them: two messages of one id or one tag would be one. */
function anyOther(random: Random, number: number): unknown {
  const text = `odd ${number}.${random.below(1e6)}`
  const more = [text, `\u0000${text}`, text.repeat(20)] as const
  return random.pick([null, true, false, 0, -1, 1.5, 1e300, '', {}, [], [[text]], ...more])
}

function anyJson(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 7 : 5)
  if (kind === 0) return null
  if (kind === 1) return random.below(2) === 0
  if (kind === 2) return random.next() * 10 ** random.below(30)
  if (kind < 5) return `${random.next()}${anyText(random)}`
  const items = Array.from({ length: random.below(5) }, () => anyJson(random, depth - 1))
  if (kind === 5) return items
  const names = ['notification', 'pushwell', 'title', 'web_push', 'data', 'v', '__proto__'] as const
  return Object.fromEntries(items.map((item) => [random.pick(names), item]))
}

function anyText(random: Random): string {
  return String.fromCodePoint(random.pick([9, 32, 65, 0xe9, 0x202e, 0x1f600, 0xfffd, 0xfeff]))
}
