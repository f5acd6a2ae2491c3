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
  receive: (message: ChannelMessage, answer: (value: unknown) => void) => void,
  signal: AbortSignal | undefined,
): (message: ChannelMessage) => void {
  const take = ({ data, ports }: MessageEvent) => {
    const message = readChannelMessage(data, scope)
    if (message) receive(message, (value) => ports[0]?.postMessage(value))
  }
  serviceWorker?.addEventListener?.('message', take, { ...(signal && { signal }) })
  serviceWorker?.startMessages?.()
  const channel = openChannel?.(channelName)
  channel?.addEventListener('message', take)
  if (signal?.aborted) channel?.close()
  signal?.addEventListener('abort', () => channel?.close())
  return (message) => channel?.postMessage(message)
}
