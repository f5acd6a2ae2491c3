/** How long an event keeps the worker alive (Service Workers §4.4, `ExtendableEvent`). */
export interface EventLifetime {
  /**
   * What `waitUntil` does.
   *
   * @throws InvalidStateError when the event is over: its listeners have run, and all that it was
   * to wait for has settled.
   */
  extend(value: unknown): void
  /** Tells that the listeners have run. */
  dispatched(): void
  /** Ends it, whatever is still waited for. */
  end(): void
  /** Resolves once it is over. */
  readonly over: Promise<void>
  /** What promises were rejected with, in that order. */
  readonly rejections: readonly unknown[]
}

/** Starts the lifetime of an event that is about to be dispatched. */
export function createEventLifetime(): EventLifetime {
  let resolve = (): void => undefined
  const over = new Promise<void>((settled) => {
    resolve = settled
  })
  const rejections: unknown[] = []
  let dispatching = true
  let pending = 0
  let ended = false
  const settle = () => {
    if (dispatching || pending > 0) return
    ended = true
    resolve()
  }
  const countDown = () => {
    queueMicrotask(() => {
      pending -= 1
      settle()
    })
  }
  return {
    over,
    rejections,
    extend(value) {
      if (ended || (!dispatching && pending === 0)) {
        throw new DOMException(
          'waitUntil: the event handler is already finished and no extend lifetime promises are outstanding.',
          'InvalidStateError',
        )
      }
      pending += 1
      Promise.resolve(value).then(countDown, (error: unknown) => {
        rejections.push(error)
        countDown()
      })
    },
    dispatched() {
      dispatching = false
      settle()
    },
    end() {
      ended = true
      resolve()
    },
  }
}
