/** What an engine calls a listener: a function, or an object with `handleEvent`. */
export type WorkerListener = ((event: Event) => unknown) | { handleEvent(event: Event): unknown }

interface ListenerOptions {
  readonly once?: boolean
  readonly signal?: AbortSignal
}

/** The listeners of one evaluation of a worker's script. */
export interface WorkerListeners {
  /** The methods of `EventTarget`, for the worker's scope. */
  readonly methods: {
    addEventListener(
      type: string,
      listener: WorkerListener | null,
      options?: boolean | ListenerOptions,
    ): void
    removeEventListener(type: string, listener: WorkerListener | null): void
    dispatchEvent(event: Event): boolean
  }
  /** Whether anything listens to the type. */
  has(type: string): boolean
  /** Whether anything listens at all. */
  any(): boolean
  /**
   * Calls the listeners and gives what they threw. A promise that a listener returns is not waited
   * for: only `waitUntil` is.
   */
  dispatch(event: Event): unknown[]
}

interface Entry {
  readonly type: string
  readonly listener: WorkerListener
  readonly once: boolean
}

/**
 * Makes an event target without Node's own way with errors: what a listener throws is given to who
 * dispatches.
 *
 * @param scope - Where the `on…` handlers stand, and what events have for a target.
 * @param added - Called with the type of each new listener.
 * @param failed - Called with what listeners of an event that a script dispatched itself threw.
 */
export function createWorkerListeners(
  scope: Readonly<Record<string, unknown>>,
  added: (type: string) => void,
  failed: (error: unknown) => void,
): WorkerListeners {
  let entries: readonly Entry[] = []
  const remove = (type: string, listener: WorkerListener | null) => {
    entries = entries.filter((entry) => entry.type !== type || entry.listener !== listener)
  }
  const dispatch = (event: Event): unknown[] => {
    const errors: unknown[] = []
    for (const name of ['target', 'currentTarget', 'srcElement']) {
      Object.defineProperty(event, name, { value: scope['self'], configurable: true })
    }
    let isStopped = false
    const stop = event.stopImmediatePropagation.bind(event)
    event.stopImmediatePropagation = () => {
      isStopped = true
      stop()
    }
    const handler = scope[`on${event.type}`]
    const own =
      typeof handler === 'function' ? [{ call: handler as (event: Event) => unknown }] : []
    const heard = entries.filter(({ type }) => type === event.type)
    for (const { listener, once } of heard) {
      if (once) remove(event.type, listener)
    }
    const calls = heard.map(({ listener }) => ({
      call: (given: Event) =>
        typeof listener === 'function' ? listener(given) : listener.handleEvent(given),
    }))
    for (const { call } of [...own, ...calls]) {
      if (isStopped) break
      try {
        call(event)
      } catch (error) {
        errors.push(error)
      }
    }
    return errors
  }
  return {
    has: (type) =>
      entries.some((entry) => entry.type === type) || typeof scope[`on${type}`] === 'function',
    any: () =>
      entries.length > 0 ||
      Object.keys(scope).some((name) => name.startsWith('on') && typeof scope[name] === 'function'),
    dispatch,
    methods: {
      addEventListener(type, listener, options) {
        if (listener === null || listener === undefined) return
        if (entries.some((entry) => entry.type === type && entry.listener === listener)) return
        const { once = false, signal } = typeof options === 'object' ? options : {}
        if (signal?.aborted) return
        entries = [...entries, { type, listener, once }]
        signal?.addEventListener('abort', () => remove(type, listener), { once: true })
        added(type)
      },
      removeEventListener: remove,
      dispatchEvent(event) {
        for (const error of dispatch(event)) failed(error)
        return !event.defaultPrevented
      },
    },
  }
}
