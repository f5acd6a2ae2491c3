import { toDomString } from './dom-string.ts'
interface LockOptions {
  readonly mode?: 'exclusive' | 'shared'
  readonly ifAvailable?: boolean
  readonly signal?: AbortSignal
}

interface Lock {
  readonly name: string
  readonly mode: 'exclusive' | 'shared'
}

type LockCallback = (lock: Lock | null) => unknown

interface LockRequest extends Lock {
  readonly grant: () => void
}

/** `navigator.locks`; `steal` is left out. */
export interface FakeLockManager {
  request(name: string, callback: LockCallback): Promise<unknown>
  request(name: string, options: LockOptions, callback: LockCallback): Promise<unknown>
  query(): Promise<{ held: Lock[]; pending: Lock[] }>
}

/** Makes the locks of one run of a worker: none is held (Web Locks API §2). */
export function createLockManager(): FakeLockManager {
  const held = new Set<Lock>()
  let waiting: readonly LockRequest[] = []
  const isFree = ({ name, mode }: Lock) =>
    [...held].every((lock) => lock.name !== name || (lock.mode === 'shared' && mode === 'shared'))
  const drain = () => {
    for (const request of waiting) {
      const isFirst = waiting.find(({ name }) => name === request.name) === request
      if (!isFirst || !isFree(request)) continue
      waiting = waiting.filter((other) => other !== request)
      request.grant()
    }
  }
  const hold = async (lock: Lock, callback: LockCallback) => {
    held.add(lock)
    try {
      return await callback(lock)
    } finally {
      held.delete(lock)
      drain()
    }
  }
  const describe = ({ name, mode }: Lock): Lock => ({ name, mode })
  return {
    async request(
      name: string,
      ...rest: readonly [LockCallback] | readonly [LockOptions, LockCallback]
    ) {
      const [options, callback] = rest.length === 1 ? [{}, rest[0]] : rest
      const { mode = 'exclusive', ifAvailable = false, signal } = options
      signal?.throwIfAborted()
      const lock: Lock = { name: toDomString(name), mode }
      if (ifAvailable && !isFree(lock)) return callback(null)
      await new Promise<void>((resolve, reject) => {
        const request: LockRequest = { ...lock, grant: () => resolve(void held.add(lock)) }
        signal?.addEventListener('abort', () => {
          waiting = waiting.filter((other) => other !== request)
          reject(signal.reason as Error)
        })
        waiting = [...waiting, request]
        drain()
      })
      return hold(lock, callback)
    },
    query: async () => ({
      held: [...held].map(describe),
      pending: waiting.map(describe),
    }),
  }
}
