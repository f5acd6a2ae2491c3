import { toDomString } from './dom-string.ts'
import { illegalConstructor } from './illegal-constructor.ts'
import type { EngineTraits } from './worker-engine.ts'

/** The built-in objects of the realm that a worker runs in. */
export interface WorkerRealm {
  readonly JSON: JSON
}

/** What came with a push, as `event.data`. */
export interface FakePushMessageData {
  arrayBuffer(): ArrayBuffer
  blob(): Blob
  bytes(): Uint8Array
  json(): unknown
  text(): string
}

/** The class, for the worker's globals and for us to construct. */
export type PushMessageDataClass = new (
  key: symbol,
  bytes: Uint8Array<ArrayBuffer>,
) => FakePushMessageData

/** Makes the class `PushMessageData` as an engine has it. Only who has the key can construct it. */
export function createPushMessageDataClass(
  key: symbol,
  { keepsByteOrderMark }: EngineTraits,
  realm: WorkerRealm,
): PushMessageDataClass {
  return class PushMessageData implements FakePushMessageData {
    readonly #bytes: Uint8Array<ArrayBuffer>
    constructor(given: symbol, bytes: Uint8Array<ArrayBuffer>) {
      if (given !== key) throw illegalConstructor('PushMessageData')
      this.#bytes = bytes
    }
    arrayBuffer(): ArrayBuffer {
      return this.#bytes.slice().buffer
    }
    blob(): Blob {
      return new Blob([this.#bytes])
    }
    bytes(): Uint8Array {
      return this.#bytes.slice()
    }
    json(): unknown {
      return realm.JSON.parse(this.text())
    }
    text(): string {
      return new TextDecoder('utf-8', { ignoreBOM: keepsByteOrderMark }).decode(this.#bytes)
    }
  }
}

/**
 * Reads a push's payload: bytes as they are, anything else as text; `undefined` when there is none.
 */
export function readPayload(payload: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (payload === undefined || payload === null) return undefined
  if (ArrayBuffer.isView(payload)) {
    const { buffer, byteOffset, byteLength } = payload
    return new Uint8Array(buffer, byteOffset, byteLength).slice()
  }
  // Not `instanceof`: the buffer may come from the worker's own realm.
  if (Object.prototype.toString.call(payload) === '[object ArrayBuffer]') {
    return new Uint8Array(payload as ArrayBuffer).slice()
  }
  return new TextEncoder().encode(toDomString(payload))
}
