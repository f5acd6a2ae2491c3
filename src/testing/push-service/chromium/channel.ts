/** What Chromium calls a subscription. */
export interface ChromiumChannel {
  /** The product that subscribed, such as `org.chromium.linux`. */
  readonly app: string
  /** The page's subscription: `wp:` and its origin, and an id. */
  readonly subtype: string
}

/** Gives one name for both, as a subscription's `channel`. */
export function writeChannel({ app, subtype }: ChromiumChannel): string {
  return `${app} ${subtype}`
}

/** Undoes {@link writeChannel}. An app's name holds no space. */
export function readChannel(channel: string): ChromiumChannel {
  const space = channel.indexOf(' ')
  return { app: channel.slice(0, space), subtype: channel.slice(space + 1) }
}
