interface Holder {
  /** Ends the holding, as a thief does. */
  readonly rob: () => void
}

interface Waiting {
  readonly begin: () => void
}

type Work<Value> = () => Promise<Value>

/** What stands in for `navigator.locks`: exclusive locks, first come, first served. */
export interface FakeLocks {
  request<Value>(name: string, work: Work<Value>): Promise<Value>
  request<Value>(name: string, options: LockOptions, work: Work<Value>): Promise<Value>
  /** How many hold a lock or wait for it. */
  count(name: string): number
}

/** Makes locks that all the pages share that are given them. */
export function createFakeLocks(): FakeLocks {
  const held = new Map<string, Holder>()
  const queues = new Map<string, Waiting[]>()
  const queue = (name: string) => {
    const found = queues.get(name) ?? []
    queues.set(name, found)
    return found
  }
  const next = (name: string) => {
    if (!held.has(name)) queue(name).shift()?.begin()
  }
  const request = <Value>(
    name: string,
    optionsOrWork: LockOptions | Work<Value>,
    maybeWork?: Work<Value>,
  ): Promise<Value> => {
    const [{ steal = false, signal }, work] =
      typeof optionsOrWork === 'function'
        ? [{} as LockOptions, optionsOrWork]
        : [optionsOrWork, maybeWork as Work<Value>]
    if (signal?.aborted) return Promise.reject(signal.reason as Error)
    return new Promise((resolve, reject) => {
      const begin = () => {
        const holder = { rob: () => reject(new DOMException('stolen', 'AbortError')) }
        held.set(name, holder)
        const release = () => {
          if (held.get(name) === holder) held.delete(name)
          next(name)
        }
        work().then(resolve, reject).then(release, release)
      }
      if (steal) {
        queueMicrotask(() => {
          held.get(name)?.rob()
          begin()
        })
        return
      }
      const waiting = { begin }
      queue(name).push(waiting)
      signal?.addEventListener('abort', () => {
        const index = queue(name).indexOf(waiting)
        if (index >= 0) queue(name).splice(index, 1)
        if (index >= 0) reject(signal.reason as Error)
      })
      queueMicrotask(() => next(name))
    })
  }
  return {
    request,
    count: (name) => queue(name).length + (held.has(name) ? 1 : 0),
  }
}
