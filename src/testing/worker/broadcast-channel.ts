import { toDomString } from './dom-string.ts'
/** Connects the channels of one origin, and of no other. */
export interface ChannelHub {
  /** The class `BroadcastChannel`, for the worker and for a test in the part of a page. */
  readonly BroadcastChannel: FakeChannelClass
}

/** The class `BroadcastChannel`. */
export type FakeChannelClass = new (name: string) => FakeBroadcastChannel

/** A `BroadcastChannel`; unlike Node's own it keeps no process alive. */
export interface FakeBroadcastChannel extends EventTarget {
  readonly name: string
  onmessage: ((event: MessageEvent) => void) | null
  postMessage(message: unknown): void
  close(): void
}

/** Makes a hub that nothing is connected to yet. */
export function createChannelHub(): ChannelHub {
  const open = new Set<BroadcastChannel>()
  class BroadcastChannel extends EventTarget implements FakeBroadcastChannel {
    readonly name: string
    onmessage: ((event: MessageEvent) => void) | null = null
    constructor(name: string) {
      super()
      this.name = toDomString(name)
      open.add(this)
    }
    postMessage(message: unknown) {
      if (!open.has(this)) {
        throw new DOMException('The channel is closed.', 'InvalidStateError')
      }
      const data: unknown = structuredClone(message)
      for (const other of open) {
        if (other === this || other.name !== this.name) continue
        queueMicrotask(() => other.#receive(structuredClone(data)))
      }
    }
    close() {
      open.delete(this)
    }
    #receive(data: unknown) {
      if (!open.has(this)) return
      const event = new MessageEvent('message', { data })
      this.onmessage?.(event)
      this.dispatchEvent(event)
    }
  }
  return { BroadcastChannel }
}
