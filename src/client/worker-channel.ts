import { type ChannelMessage, channelName, readChannelMessage } from '../shared/channel.ts'
import type { PagePlatform } from './page-platform.ts'

/**
 * Listens to what the worker says to this page alone, and to what every tab hears.
 *
 * @returns What tells the other tabs something.
 */
export function openWorkerChannel(
  { serviceWorker, openChannel }: PagePlatform,
  scope: string,
  receive: (message: ChannelMessage) => void,
  signal: AbortSignal | undefined,
): (message: ChannelMessage) => void {
  const take = ({ data }: MessageEvent) => {
    const message = readChannelMessage(data, scope)
    if (message) receive(message)
  }
  serviceWorker?.addEventListener?.('message', take, { ...(signal && { signal }) })
  serviceWorker?.startMessages?.()
  const channel = openChannel?.(channelName)
  channel?.addEventListener('message', take)
  if (signal?.aborted) channel?.close()
  signal?.addEventListener('abort', () => channel?.close())
  return (message) => channel?.postMessage(message)
}
