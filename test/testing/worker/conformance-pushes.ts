import type { ConformanceCase } from './conformance-cases.ts'

const forms = `
  const { data } = event
  if (!data) return 'no data'
  const blob = data.blob()
  return {
    text: data.text(),
    json: await outcome(() => data.json()),
    arrayBuffer: data.arrayBuffer().byteLength,
    bytes: data.bytes().length,
    blob: [blob.size, blob.type],
    fresh: data.arrayBuffer() !== data.arrayBuffer(),
    class: [event.constructor.name, data.constructor.name],
    isTrusted: event.isTrusted,
    isPlain: (() => { try { return Object.getPrototypeOf(data.json()) === Object.prototype } catch {} })(),
  }`

const rest = {
  fresh: true,
  class: ['PushEvent', 'PushMessageData'],
  isTrusted: true,
}

const json = {
  text: '{"a":"é"}',
  json: 'ok',
  arrayBuffer: 10,
  bytes: 10,
  blob: [10, ''],
  ...rest,
  isPlain: true,
}

const marked = { arrayBuffer: 10, bytes: 10, blob: [10, ''], ...rest }
const broken = { json: 'SyntaxError', arrayBuffer: 3, bytes: 3, blob: [3, ''], ...rest }

/** The forms of `event.data`. */
export const pushCases: readonly ConformanceCase[] = [
  {
    name: 'a push of JSON can be read in every form',
    trigger: 'push',
    payload: '{"a":"é"}',
    code: forms,
    expected: { firefox: json, chromium: json },
  },
  {
    name: 'a byte order mark is left out in Firefox and kept in Chromium',
    trigger: 'push',
    payload: '\uFEFF{"a":1}',
    code: forms,
    expected: {
      firefox: { text: '{"a":1}', json: 'ok', isPlain: true, ...marked },
      chromium: { text: '\uFEFF{"a":1}', json: 'SyntaxError', ...marked },
    },
  },
  {
    name: 'a push that is not UTF-8 has replacement characters in Firefox and no data in Chromium',
    trigger: 'push',
    payload: new Uint8Array([0xff, 0xfe, 65]),
    code: forms,
    expected: {
      firefox: { text: '\uFFFD\uFFFDA', ...broken },
      chromium: 'no data',
    },
  },
  {
    name: 'an empty push has no data',
    trigger: 'push',
    code: `return { data: event.data }`,
    expected: { firefox: { data: null }, chromium: { data: null } },
  },
  {
    name: 'a push event that a script makes reads its data, and waits for nothing',
    code: `
      const text = (data) => new PushEvent('push', { data }).data?.text()
      const made = new PushEvent('push', { data: 'x' })
      return {
        text: made.data.text(),
        empty: text(''),
        none: new PushEvent('push').data,
        buffer: text(new Uint8Array([65]).buffer),
        view: text(new Uint8Array([65, 66, 67]).subarray(1)),
        'not UTF-8': text(new Uint8Array([65, 128])),
        isTrusted: made.isTrusted,
        waitUntil: await outcome(() => made.waitUntil(Promise.resolve())),
        'a notification event without one': await outcome(() => new NotificationEvent('x')),
      }`,
    expected: { firefox: made(), chromium: made(), webkit: made() },
  },
  {
    name: 'an event takes more promises as long as it lives, and any value for one',
    code: `
      return outcomes({
        later: async () => {
          await new Promise((resolve) => setTimeout(resolve, 1))
          event.waitUntil(Promise.resolve())
        },
        'a number': () => event.waitUntil(5),
        nothing: () => event.waitUntil(),
      })`,
    expected: {
      firefox: { later: 'ok', 'a number': 'ok', nothing: 'TypeError' },
      chromium: { later: 'ok', 'a number': 'ok', nothing: 'TypeError' },
      webkit: { later: 'ok', 'a number': 'ok', nothing: 'TypeError' },
    },
  },
  {
    name: 'an event that is over takes no more promises',
    code: `return outcome(() => messages[0].waitUntil(Promise.resolve()))`,
    expected: {
      firefox: 'InvalidStateError',
      chromium: 'InvalidStateError',
      webkit: 'InvalidStateError',
    },
  },
]

function made() {
  return {
    text: 'x',
    empty: '',
    none: null,
    buffer: 'A',
    view: 'BC',
    'not UTF-8': 'A\uFFFD',
    isTrusted: false,
    waitUntil: 'InvalidStateError',
    'a notification event without one': 'TypeError',
  }
}
