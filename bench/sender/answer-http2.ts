import type { Socket } from 'node:net'

/** What a client begins with (RFC 9113 §3.4). */
const prefaceLength = 24

/** Types of frames, and their flags (RFC 9113 §6). */
const data = 0
const headers = 1
const settings = 4
const ping = 6
const windowUpdate = 8
const endStream = 1
const acknowledged = 1
const endHeaders = 4

const mostOfWindow = 2 ** 31 - 1
const firstWindow = 65_535

/** `:status: 201` and `location: /m/1`, as literals (RFC 7541 §6.2.2). */
const created = Buffer.from('\x08\x03201\x0f\x1f\x04/m/1', 'latin1')

/**
 * Answers each request of a connection with 201 once its stream ends (RFC 9113), with those that end
 * in the same octets. It reads nothing of it but that.
 */
export function answerHttp2(socket: Socket): void {
  let rest: Buffer = Buffer.alloc(0)
  let toSkip = prefaceLength
  let received = 0
  // SETTINGS_MAX_CONCURRENT_STREAMS, and SETTINGS_INITIAL_WINDOW_SIZE.
  const limits = Buffer.alloc(12)
  limits.writeUInt16BE(3)
  limits.writeUInt32BE(1000, 2)
  limits.writeUInt16BE(4, 6)
  limits.writeUInt32BE(mostOfWindow, 8)
  socket.write(Buffer.concat([frame(settings, 0, 0, limits), grant(mostOfWindow - firstWindow)]))

  const answersTo = (
    type: number,
    flags: number,
    stream: number,
    payload: Uint8Array,
  ): Buffer[] => {
    if (type === data) received += payload.length
    if ((type === data || type === headers) && flags & endStream) {
      return [frame(headers, endHeaders | endStream, stream, created)]
    }
    const isNew = !(flags & acknowledged)
    if (type === settings && isNew) return [frame(settings, acknowledged, 0)]
    return type === ping && isNew ? [frame(ping, acknowledged, 0, payload)] : []
  }

  socket.on('data', (chunk: Buffer) => {
    const octets = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const answers: Buffer[] = []
    let at = Math.min(toSkip, octets.length)
    toSkip -= at
    while (octets.length >= at + 9) {
      const end = at + 9 + octets.readUIntBE(at, 3)
      if (octets.length < end) break
      const [type = 0, flags = 0] = octets.subarray(at + 3, at + 5)
      answers.push(
        ...answersTo(type, flags, octets.readUInt32BE(at + 5), octets.subarray(at + 9, end)),
      )
      at = end
    }
    rest = octets.subarray(at)
    if (received > mostOfWindow / 2) {
      answers.push(grant(received))
      received = 0
    }
    if (answers.length > 0) socket.write(Buffer.concat(answers))
  })
}

/** Lets the client send so many octets more. */
function grant(octets: number): Buffer {
  const payload = Buffer.alloc(4)
  payload.writeUInt32BE(octets)
  return frame(windowUpdate, 0, 0, payload)
}

function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}
