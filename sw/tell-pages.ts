import { type ChannelMessage, channelName } from '../src/shared/channel.ts'

/** Tells all pages of the origin, as far as that works: none of them may depend on it. */
export function tellPages(message: ChannelMessage): void {
  try {
    const channel = new BroadcastChannel(channelName)
    try {
      channel.postMessage(message)
    } finally {
      channel.close()
    }
  } catch {
    // There are no channels here, or the data cannot be cloned.
  }
}
