type Listener = (event: MessageEvent) => void

/** What stands in for `BroadcastChannel`: everybody but the sender hears what is said. */
export interface FakeChannels {
  open(name: string): BroadcastChannel
  /** Says something to all, as the worker does. */
  say(message: unknown): void
  /** How many have a channel open. */
  count(): number
}

export function createFakeChannels(): FakeChannels {
  const open = new Map<object, Set<Listener>>()
  const say = (data: unknown, sender?: object) => {
    const copy: unknown = structuredClone(data)
    for (const [channel, listeners] of open) {
      if (channel === sender) continue
      for (const listener of listeners) {
        queueMicrotask(() => listener({ data: copy } as MessageEvent))
      }
    }
  }
  return {
    open() {
      const listeners = new Set<Listener>()
      const channel = {
        addEventListener: (_type: 'message', listener: Listener) => listeners.add(listener),
        postMessage: (data: unknown) => say(data, channel),
        close: () => open.delete(channel),
      }
      open.set(channel, listeners)
      return channel as unknown as BroadcastChannel
    },
    say,
    count: () => open.size,
  }
}
