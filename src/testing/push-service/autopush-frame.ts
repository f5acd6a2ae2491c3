/** The browser's word on one message: 100 delivered, 101 decryption failed, 102 not delivered. */
export interface Acknowledgement {
  readonly version: string
  readonly code: number
}

/** What a browser says over autopush's WebSocket. */
export type AutopushFrame =
  | { readonly type: 'hello'; readonly uaid: string | null }
  | { readonly type: 'register'; readonly channelID: string; readonly key: string | null }
  | { readonly type: 'unregister'; readonly channelID: string }
  | { readonly type: 'ack'; readonly updates: readonly Acknowledgement[] }
  | { readonly type: 'nack'; readonly version: string; readonly code: number }
  | { readonly type: 'ping' }
  | { readonly type: 'ignored' }

type Fields = Readonly<Record<string, unknown>>

const parsers: ReadonlyMap<string, (fields: Fields) => AutopushFrame | null> = new Map([
  ['hello', parseHello],
  ['register', parseRegister],
  ['unregister', parseUnregister],
  ['ack', parseAck],
  ['nack', parseNack],
])

/**
 * Reads one text frame. Types that are unknown here (`broadcast_subscribe` among them) give
 * `ignored`.
 *
 * @returns `null` when the frame is not JSON, not an object or lacks what its type needs.
 */
export function parseAutopushFrame(text: string): AutopushFrame | null {
  const fields = parseFields(text)
  if (!fields) return null
  const { messageType } = fields
  if (messageType === undefined && Object.keys(fields).length === 0) return { type: 'ping' }
  if (typeof messageType !== 'string') return null
  if (messageType === 'ping') return { type: 'ping' }
  const parse = parsers.get(messageType)
  return parse ? parse(fields) : { type: 'ignored' }
}

function parseFields(text: string): Fields | null {
  try {
    return asFields(JSON.parse(text))
  } catch {
    return null
  }
}

function asFields(value: unknown): Fields | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? { ...value } : null
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,128}$/.test(value)
}

function isCode(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

function parseHello({ uaid }: Fields): AutopushFrame | null {
  if (uaid === undefined || uaid === null || uaid === '') return { type: 'hello', uaid: null }
  return isName(uaid) ? { type: 'hello', uaid } : null
}

function parseRegister({ channelID, key }: Fields): AutopushFrame | null {
  if (!isName(channelID)) return null
  if (key === undefined || key === null) return { type: 'register', channelID, key: null }
  return typeof key === 'string' ? { type: 'register', channelID, key } : null
}

function parseUnregister({ channelID }: Fields): AutopushFrame | null {
  return isName(channelID) ? { type: 'unregister', channelID } : null
}

function parseAck({ updates }: Fields): AutopushFrame | null {
  if (!Array.isArray(updates)) return null
  const acknowledgements: Acknowledgement[] = []
  for (const update of updates) {
    const { version, code } = asFields(update) ?? {}
    if (typeof version !== 'string' || !isCode(code, 100, 102)) return null
    acknowledgements.push({ version, code })
  }
  return { type: 'ack', updates: acknowledgements }
}

function parseNack({ version, code }: Fields): AutopushFrame | null {
  return typeof version === 'string' && isCode(code, 301, 303)
    ? { type: 'nack', version, code }
    : null
}
