import { createHash } from 'node:crypto'
import { createFakeBrowser } from '../server/fake-browser.ts'
import type { Random } from './random.ts'

/** Who sends requests; who is called nothing is not signed in. */
export const users: [string, ...string[]] = ['ada', 'bob', 'mallory', '']

/** A request, with what whoever sends it knows. */
export interface HandlerRequest {
  readonly request: Request
  readonly user: string | null
  /** Whether it names an endpoint, whole. */
  readonly knows: (endpoint: string) => boolean
}

/** Makes requests of the sync protocol, most with something wrong in them. */
export interface HandlerRequests {
  /** What must be in no answer. */
  readonly secrets: ReadonlySet<string>
  next(): HandlerRequest
}

/** A few devices, so that requests are about one another’s. */
const deviceCount = 12

export async function createHandlerRequests(
  random: Random,
  applicationServerKey: string,
): Promise<HandlerRequests> {
  const devices = Array.from({ length: deviceCount }, (_, index) =>
    createFakeBrowser(`https://push.example.net/p/${'secret'.repeat(4)}${index}`),
  ).map(({ subscription }) => subscription)
  const [first, ...others] = devices
  if (!first) throw new Error('There are no devices.')
  const device = () => random.pick([first, ...others])
  const idOf = (endpoint: string) => createHash('sha256').update(endpoint).digest('hex')
  const junk = createJunk(random)

  const put = () => ({
    version: 1,
    subscription: device(),
    applicationServerKey,
    ...(random.next() < 0.3 && { replaces: device().endpoint }),
    ...(random.next() < 0.3 && { tags: ['news', 'ü'] }),
    ...(random.next() < 0.2 && { signedOut: true }),
    client: { sdk: 'test/1' },
  })

  /** A request that is right. */
  const right = (): readonly [method: string, path: string, body: unknown] => {
    const kind = random.next()
    if (kind < 0.55) return ['PUT', '/push/subscriptions', put()]
    if (kind < 0.65) {
      const receipt = { id: 'message', event: random.pick(['shown', 'clicked']), at: 5 }
      return ['POST', '/push/receipts', { receipts: [receipt, receipt] }]
    }
    const proof = random.next() < 0.5 ? undefined : { endpoint: device().endpoint }
    return ['DELETE', `/push/subscriptions/${idOf(device().endpoint)}`, proof]
  }

  return {
    secrets: new Set(devices.flatMap(({ endpoint, keys }) => [endpoint, keys.auth, keys.p256dh])),
    next() {
      const user = random.pick(users) || null
      const [rightMethod, path, rightBody] = right()
      const body = random.next() < 0.4 ? junk.spoil(rightBody) : rightBody
      let text = body === undefined ? undefined : (JSON.stringify(body) ?? 'undefined')
      if (text !== undefined && random.next() < 0.1) text = junk.cut(text)
      const method = random.next() < 0.9 ? rightMethod : junk.method()
      const headers = new Headers({
        ...(user !== null && { 'X-User': user }),
        ...(text !== undefined && { 'Content-Type': junk.type() }),
        ...(random.next() < 0.2 && { Origin: junk.origin() }),
        ...(method === 'OPTIONS' && { 'Access-Control-Request-Method': 'PUT' }),
      })
      const url = `https://app.example${random.next() < 0.95 ? path : junk.path(path)}`
      const hasBody = text !== undefined && method !== 'GET' && method !== 'HEAD'
      const sent = hasBody ? (text ?? '') : ''
      const knows = (endpoint: string) => sent.includes(JSON.stringify(endpoint))
      const request = new Request(url, { method, headers, ...(hasBody && { body: sent }) })
      return { request, user, knows }
    },
  }
}

function createJunk(random: Random) {
  const values = () =>
    random.pick<unknown>([
      null,
      true,
      -1,
      1e308,
      '',
      'https://169.254.169.254/latest',
      'http://localhost/',
      'https://push.example.net/p/other',
      '\0',
      '\uD800',
      'x'.repeat(70_000),
      [],
      {},
      [[[]]],
      { toString: 1 },
      { __proto__: null },
      random.octets(20).toString('latin1'),
    ])
  /** The same with one value, somewhere in it, in the place of another. */
  const spoil = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || random.next() < 0.2) return values()
    const entries = Object.entries(value)
    if (random.next() < 0.2)
      return { ...value, [random.pick(['x', '__proto__', 'recipient'])]: values() }
    const place = random.below(Math.max(1, entries.length))
    const changed = entries.map(([key, old], index) => [key, index === place ? spoil(old) : old])
    return Object.fromEntries(changed) as unknown
  }
  return {
    spoil,
    cut: (text: string) =>
      text.slice(0, random.below(text.length + 1)) + random.pick(['', '}', '\u{FFFD}', ' ']),
    method: () => random.pick(['GET', 'HEAD', 'POST', 'PATCH', 'OPTIONS', 'DELETE', 'PUT']),
    type: () =>
      random.next() < 0.9
        ? 'application/json'
        : random.pick(['text/plain', 'application/jsonp', 'application/json; charset=utf-8', 'x']),
    origin: () => random.pick(['https://friend.example', 'https://evil.example', 'null', 'x y']),
    path: (right: string) =>
      random.pick([
        '/push/key',
        '/push/receipts',
        '/push',
        '//push/subscriptions',
        right.toUpperCase(),
        `${right}/`,
        `${right}?x=1#y`,
        right.replace('/push', '/push/..'),
        `/push/subscriptions/${random.octets(32).toString('hex')}`,
        '/push/subscriptions/%00',
      ]),
  }
}
