import { PushwellError } from '../../shared/errors.ts'
import type { ServiceMessage } from './service-message.ts'

/** Lets tests wait for a message to reach a state. */
export interface MessageWatch {
  /** Tells every waiting test about a change. */
  changed(message: ServiceMessage): void
  /**
   * Resolves with the first message that matches, at once when one already does.
   *
   * @param current - The messages as they stand now.
   */
  waitFor(
    predicate: (message: ServiceMessage) => boolean,
    timeoutMs: number,
    current: () => readonly ServiceMessage[],
  ): Promise<ServiceMessage>
  /** Rejects everyone who still waits, and everyone who comes later. */
  close(): void
}

interface Waiter {
  check(message: ServiceMessage): void
  fail(error: PushwellError): void
}

const closedMessage =
  'The push service was closed, so no message can arrive. Close it after the last wait.'

/** Makes a watch with nobody waiting. */
export function createMessageWatch(): MessageWatch {
  const waiters = new Set<Waiter>()
  let isClosed = false
  return {
    changed(message) {
      for (const waiter of waiters) waiter.check(message)
    },
    waitFor(predicate, timeoutMs, current) {
      if (isClosed) return Promise.reject(new PushwellError('service-failed', closedMessage))
      return new Promise((resolve, reject) => {
        const finish = () => {
          clearTimeout(timer)
          waiters.delete(waiter)
        }
        const waiter: Waiter = {
          check(message) {
            try {
              if (!predicate(message)) return
              resolve(message)
            } catch (error) {
              reject(error)
            }
            finish()
          },
          fail(error) {
            reject(error)
            finish()
          },
        }
        const timer = setTimeout(() => waiter.fail(timeoutError(timeoutMs, current())), timeoutMs)
        waiters.add(waiter)
        for (const message of current()) if (waiters.has(waiter)) waiter.check(message)
      })
    },
    close() {
      isClosed = true
      for (const waiter of waiters) waiter.fail(new PushwellError('service-failed', closedMessage))
    },
  }
}

function timeoutError(timeoutMs: number, messages: readonly ServiceMessage[]): PushwellError {
  return new PushwellError(
    'timeout',
    `No message matched within ${timeoutMs} ms. The service has ${describe(messages)}. Check that the sender was answered 201 and that a browser is connected.`,
  )
}

function describe(messages: readonly ServiceMessage[]): string {
  if (messages.length === 0) return 'received no message'
  const counts = new Map<string, number>()
  for (const { status, code } of messages) {
    const label = code === undefined ? status : `${status} (code ${code})`
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return [...counts].map(([label, count]) => `${count} ${label}`).join(', ')
}
