import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire'

/** The version of MCS that both sides name with their first octet. */
export const mcsVersion = 41

/** The kinds of frames that are used here. */
export const mcsTag = {
  heartbeatPing: 0,
  heartbeatAck: 1,
  loginRequest: 2,
  loginResponse: 3,
  close: 4,
  iqStanza: 7,
  dataMessageStanza: 8,
} as const

/** One frame: a tag of one octet, the length as a varint, and a protobuf message of that length. */
export interface McsFrame {
  readonly tag: number
  readonly message: Uint8Array
}

/** Puts the octets of a connection together to frames. */
export interface McsFrameReader {
  /**
   * Takes the next octets, and gives the frames that are complete with them.
   *
   * @returns `null` when this is no MCS, or a frame is too large; nothing may follow then.
   */
  read(chunk: Uint8Array): McsFrame[] | null
}

/** A login lists each message that was received since the last one: the largest frame by far. */
const maxMessageOctets = 1024 * 1024

/** More octets than this would be a length beyond 2³⁵. */
const maxLengthOctets = 5

/** Makes a reader for a connection of which nothing has been read. It holds about one frame at most. */
export function createMcsFrameReader(): McsFrameReader {
  let waiting: Uint8Array[] = []
  let waitingOctets = 0
  let wantedOctets = 1
  let isVersionRead = false

  return {
    read(chunk) {
      waiting.push(chunk)
      waitingOctets += chunk.length
      // Joined only when a frame is complete: a frame that drips in costs no copy for each drop.
      if (waitingOctets < wantedOctets) return []
      let rest: Uint8Array = Buffer.concat(waiting)
      if (!isVersionRead) {
        if (rest[0] !== mcsVersion) return null
        isVersionRead = true
        rest = rest.subarray(1)
      }
      const frames: McsFrame[] = []
      for (;;) {
        const size = frameSize(rest)
        if (size === null) return null
        wantedOctets = size.end
        if (rest.length < size.end) break
        const tag = rest[0] ?? 0
        frames.push({ tag, message: rest.subarray(size.start, size.end) })
        rest = rest.subarray(size.end)
      }
      waiting = [rest]
      waitingOctets = rest.length
      return frames
    },
  }
}

/** Where the message of the first frame starts and ends; a guess too low while its length is cut. */
function frameSize(octets: Uint8Array): { start: number; end: number } | null {
  const length = octets.subarray(1, 1 + maxLengthOctets)
  const last = length.findIndex((octet) => octet < 0x80)
  if (last === -1) {
    const more = Math.max(2, octets.length + 1)
    return length.length < maxLengthOctets ? { start: more, end: more } : null
  }
  const start = 1 + last + 1
  const messageOctets = Number(new BinaryReader(length).uint64())
  return messageOctets > maxMessageOctets ? null : { start, end: start + messageOctets }
}

/** Makes the octets of a frame. */
export function writeMcsFrame({ tag, message }: McsFrame): Uint8Array {
  return new BinaryWriter().raw(Uint8Array.of(tag)).uint32(message.length).raw(message).finish()
}
