import { canonicalApplicationServerKey } from '../shared/application-server-key.ts'
import { withDeadline } from '../shared/deadline.ts'
import type { PushClientOptions } from './push-client-options.ts'

/**
 * Makes a way to the configured key: fetched once, and again only after a failure.
 *
 * @throws From what it gives: PushwellError `timeout` or `aborted`; TypeError when it is no key;
 * whatever the app's own function throws.
 */
export function createKeySource(
  source: PushClientOptions['applicationServerKey'],
  timeoutMs: number,
  signal: AbortSignal | undefined,
): () => Promise<string> {
  let key: Promise<string> | undefined
  const find = async () =>
    canonicalApplicationServerKey(
      typeof source === 'function'
        ? await withDeadline(Promise.resolve(source()), timeoutMs, 'applicationServerKey()', signal)
        : source,
    )
  return () => {
    const found = (key ??= find())
    found.catch(() => (key = undefined))
    return found
  }
}
