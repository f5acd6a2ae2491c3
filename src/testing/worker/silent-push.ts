import type { WorkerEngine } from './worker-engine.ts'

/** What an engine makes of a push that showed nothing. */
export type SilentPushPenalty =
  /** Nothing: something of the site is visible. */
  | 'none'
  /** One more held against the subscription. */
  | 'counted'
  /** Chromium's own notification is shown. */
  | 'generic-notification'
  /** The subscription is gone. */
  | 'unsubscribed'

/** What the decision is made from, once the push event is over. */
export interface SilentPushFacts {
  /** Whether a notification that this push showed is still on the screen. */
  readonly showedOwn: boolean
  /** Whether any notification of the site is on the screen. */
  readonly showsAny: boolean
  readonly windowVisible: boolean
  /** Silent pushes held against the subscription before. */
  readonly strikes: number
}

/** Silent pushes that cost the subscription (`maxSilentPushCount` in WebKit). */
const webkitLimit = 3
/** Silent pushes that cost the subscription (`dom.push.maxQuotaPerSubscription`). */
const firefoxLimit = 16

/** Decides what a push costs. */
export function penaltyFor(engine: WorkerEngine, facts: SilentPushFacts): SilentPushPenalty {
  return penalties[engine](facts)
}

const penalties: Readonly<Record<WorkerEngine, (facts: SilentPushFacts) => SilentPushPenalty>> = {
  chromium: ({ showsAny, windowVisible }) =>
    showsAny || windowVisible ? 'none' : 'generic-notification',
  firefox: ({ showsAny, strikes }) => (showsAny ? 'none' : counted(strikes, firefoxLimit)),
  webkit: ({ showedOwn, strikes }) => (showedOwn ? 'none' : counted(strikes, webkitLimit)),
}

function counted(strikes: number, limit: number): SilentPushPenalty {
  return strikes + 1 >= limit ? 'unsubscribed' : 'counted'
}
