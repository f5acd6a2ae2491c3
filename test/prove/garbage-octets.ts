import type { Random } from './random.ts'

/** Makes what one connection says, in the pieces in which it says it. */
export type GarbageMaker = (random: Random, path: string) => Buffer[]

/** Every kind of garbage, some of it nearly good. */
export const garbageMakers: readonly [GarbageMaker, ...GarbageMaker[]] = [
  (random) => [random.octets(1 + random.below(2000))],
  (random, path) => [mutate(random, goodPush(random, path))],
  (random, path) => cut(random, goodPush(random, path)),
  (random, path) => [push(random, path, oddHeaders(random))],
  (random, path) => [push(random, path, oddHeaders(random)), random.octets(random.below(9000))],
  (random) => [Buffer.from(requestLine(random)), random.octets(random.below(300))],
  (random, path) => endlessBody(random, path),
  (random) => [upgrade(random), ...frames(random)],
  (random) => [upgrade(random), ...frames(random, textFrame(random))],
  (random) => [mutate(random, upgrade(random))],
  (random) => [Buffer.concat([Buffer.of(0x16, 3, 1), random.octets(random.below(600))])],
  (random) => [Buffer.concat([Buffer.of(41), random.octets(1 + random.below(600))])],
  (random) => [mcsFrame(random), mcsFrame(random)],
  (random) => [checkin(random)],
]

const pathsOf = (path: string): readonly [string, ...string[]] => [
  path,
  `${path}/../..`,
  '/m/',
  '/checkin',
  '/c2dm/register3',
  '/fcm/send/none',
  '/%00%ff',
  'http://[',
  '*',
  `/${'a'.repeat(5000)}`,
]

const encodings = ['aes128gcm', 'aesgcm', 'gzip', ''] as const
const methods = ['POST', 'GET', 'PUT', 'DELETE', 'OPTIONS', 'CONNECT', 'PRI', 'FOO', ''] as const
const names = [
  'TTL',
  'Topic',
  'Urgency',
  'Authorization',
  'Content-Encoding',
  'Crypto-Key',
  'Encryption',
  'Content-Length',
  'Transfer-Encoding',
  'Upgrade',
  'Connection',
  'Expect',
  'X',
] as const
const values = [
  '',
  '-1',
  '1e9',
  '99999999999999999999',
  'chunked',
  'vapid t=..., k=',
  'vapid t=eyJhbGciOiJFUzI1NiJ9.bnVsbA.AAAA, k=BAAA',
  'WebPush a.b.c',
  'dh=;salt=;;;,,,==',
  'websocket',
  'upgrade, close',
  '100-continue',
  '\u00ff\u0001',
  'a'.repeat(20_000),
] as const

function goodPush(random: Random, path: string): Buffer {
  const body = random.octets(random.below(4096))
  const headers = `TTL: 60\r\nContent-Encoding: aes128gcm\r\nContent-Length: ${body.length}\r\n`
  return Buffer.concat([push(random, path, headers), body])
}

function push(random: Random, path: string, headers: string): Buffer {
  const target = random.below(3) === 0 ? random.pick(pathsOf(path)) : path
  return Buffer.from(`POST ${target} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`, 'latin1')
}

function oddHeaders(random: Random): string {
  const headers = Array.from({ length: 1 + random.below(6) }, () => {
    return `${random.pick(names)}: ${random.pick(values)}\r\n`
  })
  return `TTL: 1\r\nContent-Encoding: ${random.pick(encodings)}\r\n${headers.join('')}`
}

function requestLine(random: Random): string {
  const target = random.pick(pathsOf('/wpush/v1/none'))
  return `${random.pick(methods)} ${target} HTTP/${random.below(3)}.${random.below(3)}\r\n\r\n`
}

function endlessBody(random: Random, path: string): Buffer[] {
  const head = push(random, path, 'TTL: 1\r\nTransfer-Encoding: chunked\r\n')
  const chunk = Buffer.concat([Buffer.from('8000\r\n'), Buffer.alloc(0x8000), Buffer.from('\r\n')])
  return [head, ...Array.from({ length: 1 + random.below(40) }, () => chunk)]
}

function upgrade(random: Random): Buffer {
  const key = random.octets(16).toString('base64')
  const headers = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n`
  return Buffer.from(`GET / HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`)
}

function frames(random: Random, ...first: Buffer[]): Buffer[] {
  return [...first, ...Array.from({ length: random.below(4) }, () => webSocketFrame(random))]
}

const words = [
  'hello',
  'register',
  'unregister',
  'ack',
  'nack',
  'broadcast_subscribe',
  'toString',
] as const
const said = [null, 7, '', [], {}, { toString: 'x' }, 'a'.repeat(300), [[[[]]]]] as const

function textFrame(random: Random): Buffer {
  const frame = {
    messageType: random.pick(words),
    uaid: random.pick(said),
    channelID: random.pick(said),
    key: random.pick(said),
    updates: random.pick(said),
    version: random.pick(said),
    code: random.below(500),
  }
  return webSocketFrame(random, 0x81, Buffer.from(JSON.stringify(frame)))
}

/** A frame with random flags and a mask, or the one that was given. */
function webSocketFrame(
  random: Random,
  first = random.below(256),
  payload = random.octets(random.below(200)),
): Buffer {
  const mask = random.octets(4)
  const masked = payload.map((octet, index) => octet ^ (mask[index % 4] ?? 0))
  const length =
    payload.length < 126
      ? [0x80 | payload.length]
      : [0xfe, payload.length >> 8, payload.length & 255]
  return Buffer.concat([Buffer.of(first, ...length), mask, masked])
}

function mcsFrame(random: Random): Buffer {
  const message = random.octets(random.below(120))
  return Buffer.concat([Buffer.of(41, random.below(20), message.length), message])
}

function checkin(random: Random): Buffer {
  const body = random.octets(random.below(300))
  const path = random.pick(['/checkin', '/c2dm/register3'])
  const headers = `Host: localhost\r\nContent-Length: ${body.length}\r\n`
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${headers}\r\n`), body])
}

function mutate(random: Random, octets: Buffer): Buffer {
  const changed = Buffer.from(octets)
  for (let count = 1 + random.below(8); count > 0; count--) {
    changed[random.below(Math.min(changed.length, 400))] = random.below(256)
  }
  return changed
}

function cut(random: Random, octets: Buffer): Buffer[] {
  const end = random.below(octets.length)
  const middle = random.below(end + 1)
  return [octets.subarray(0, middle), octets.subarray(middle, end)]
}
