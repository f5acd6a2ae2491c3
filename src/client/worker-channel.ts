import { type ChannelMessage, channelName, readChannelMessage } from '../shared/channel.ts'
import type { PagePlatform } from './page-platform.ts'

/**
 * Listens at once to what the worker says to this page alone, and to what every tab hears: what comes
 * before the scope is known waits for it, as nobody says it again.
 *
 * @param knowing - The scope of the worker. Once it rejects, nothing is listened to any more.
 * @returns What tells the other tabs something.
 */
export function openWorkerChannel(
  { serviceWorker, openChannel }: PagePlatform,
  knowing: Promise<string>,
  receive: (message: ChannelMessage, answer: (value: unknown) => void) => void,
  signal: AbortSignal | undefined,
): (message: ChannelMessage) => void {
  const take = ({ data, ports }: MessageEvent) => {
    const hear = (scope: string) => {
      const message = readChannelMessage(data, scope)
      if (message) receive(message, (value) => ports[0]?.postMessage(value))
    }
    knowing.then(hear, () => undefined)
  }
  serviceWorker?.addEventListener?.('message', take, { ...(signal && { signal }) })
  serviceWorker?.startMessages?.()
  const channel = openChannel?.(channelName)
  channel?.addEventListener('message', take)
  const close = () => channel?.close()
  if (signal?.aborted) close()
  signal?.addEventListener('abort', close)
  knowing.catch(close)
  return (message) => channel?.postMessage(message)
}
