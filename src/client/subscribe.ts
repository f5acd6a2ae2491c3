import { canonicalApplicationServerKey } from '../shared/application-server-key.ts'
import { withDeadline } from '../shared/deadline.ts'
import { PushwellError } from '../shared/errors.ts'
import type { PagePlatform } from './page-platform.ts'
import { subscribeError } from './subscribe-error.ts'

/** What subscribing goes by besides the key. */
export interface SubscribeOptions {
  readonly platform: Pick<PagePlatform, 'brave'>
  /** For each call of the browser. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** What the browser is still at, also when nobody waits for it any more. */
  readonly underWay: Map<PushManager, Promise<PushSubscription>>
  /** Called when a subscription comes that was waited for in vain. */
  readonly onLate: () => void
}

/**
 * Subscribes with a key, unless that is done already. A subscription made with another key is
 * given up first: a browser keeps one a registration and refuses a second key.
 *
 * @param early - A subscribing that was begun in the click, before anything else was known.
 * @throws PushwellError with a remedy; TypeError when the browser does not take the key.
 */
export async function subscribeWith(
  applicationServerKey: string,
  held: PushSubscription | null,
  pushManager: PushManager,
  options: SubscribeOptions,
  early?: Promise<PushSubscription>,
): Promise<PushSubscription> {
  const { platform, timeoutMs, signal, underWay, onLate } = options
  const isRight = (subscription: PushSubscription) =>
    keyOf(subscription, applicationServerKey) === applicationServerKey
  if (held && isRight(held)) return held
  // Chromium's waits for the network without end (156).
  const within = <Value>(subscribing: Promise<Value>) =>
    withDeadline(subscribing, timeoutMs, 'subscribe()', signal).catch((error: unknown) => {
      subscribing.then(onLate, () => undefined)
      throw error
    })
  // For each call that waits, Chromium makes another subscription, and the last to come counts (156).
  const waiting = early ?? underWay.get(pushManager)
  try {
    const begun = waiting && (await within(waiting.catch(unlessOtherKey)))
    if (begun && isRight(begun)) return begun
    const outdated = held ?? begun
    if (outdated) await unsubscribe(outdated, options)
    const subscribing = pushManager
      .subscribe({ userVisibleOnly: true, applicationServerKey })
      .finally(() => underWay.delete(pushManager))
    underWay.set(pushManager, subscribing)
    return await within(subscribing)
  } catch (error) {
    throw subscribeError(error, await isBrave(platform))
  }
}

/** That there is a subscription with another key is mended; whatever else it was stays true. */
function unlessOtherKey(error: unknown): null {
  if ((error as Partial<Error> | undefined)?.name === 'InvalidStateError') return null
  throw error
}

async function isBrave({ brave }: SubscribeOptions['platform']): Promise<boolean> {
  if (!brave) return false
  return withDeadline(brave.isBrave(), 1000, 'isBrave()').catch(() => false)
}

/** The key that a subscription was made with. A browser that does not tell is believed. */
export function keyOf({ options }: PushSubscription, believed: string): string {
  const held = options.applicationServerKey
  return held ? canonicalApplicationServerKey(held) : believed
}

/** Gives a subscription up. That it was given up already is no failure. */
export async function unsubscribe(
  subscription: PushSubscription,
  { timeoutMs, signal }: SubscribeOptions,
): Promise<void> {
  try {
    await withDeadline(subscription.unsubscribe(), timeoutMs, 'unsubscribe()', signal)
  } catch (cause) {
    // Firefox rejects after ten seconds when its service does not answer, although the
    // subscription is gone here by then (seen in Firefox 153).
    if ((cause as Partial<Error> | undefined)?.name === 'NetworkError') return
    throw new PushwellError('unsubscribe-failed', 'The browser kept the subscription. Try again.', {
      cause,
      remedy: 'reload-page',
    })
  }
}
