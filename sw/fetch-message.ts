import { withDeadline } from '../src/shared/deadline.ts'
import { understand } from './read-message.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerPart } from './worker-part.ts'

/** How the message of an empty push is fetched. */
export interface FetchMessageOptions {
  /**
   * Milliseconds until it is given up; half of the worker's `deadlineMs` at the most.
   *
   * @default 1250
   */
  readonly timeoutMs?: number
}

/** Milliseconds, by default: half of the default deadline, and what the worker grants at the most. */
const defaultTimeoutMs = 1250

/**
 * Makes the part that gets the message of an empty push from the backend, also of one that cannot be
 * read: what it gives is read as the value of a push's JSON is, or as text. When it fails or takes too long, the fallback is shown.
 *
 * @param load - Asks the backend. A worker's `fetch` sends the user's cookies to the app's own
 * origin. `signal` aborts when the message is not waited for any more.
 *
 * @example
 * fetchMessage(async ({ signal }) => {
 *   const response = await fetch('/push/latest', { signal })
 *   return response.ok ? response.json() : undefined
 * })
 */
export function fetchMessage(
  load: (request: { readonly signal: AbortSignal }) => unknown,
  { timeoutMs = defaultTimeoutMs }: FetchMessageOptions = {},
): WorkerPart {
  return {
    name: 'fetch-message',
    async receive(received, { options }) {
      if (Object.keys(received).length > 0) return received
      const giveUp = new AbortController()
      try {
        const loading = (async () => load({ signal: giveUp.signal }))()
        return understand(await withDeadline(loading, timeoutMs, 'The message'), options)
      } finally {
        giveUp.abort()
      }
    },
  } satisfies WorkerPart<WorkerContext>
}
