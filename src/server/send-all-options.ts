import type { PushSubscriptionData } from '../shared/subscription.ts'
import type { SendOptions } from './push-sender-options.ts'
import type { SendOutcome } from './send-outcome.ts'
import type { SendProgress } from './send-progress.ts'

/** What `sendAll` sends to: a subscription, or a record of a store with one in it. */
export type SendTarget =
  | PushSubscriptionData
  | {
      readonly subscription: PushSubscriptionData
      /** The public key that it was made with. */
      readonly applicationServerKey?: string
    }

/** How one message is sent to many. */
export interface SendAllOptions extends SendOptions {
  /**
   * Subscriptions that are worked on at a time. Those that wait for another try do not count, up to
   * 1,000 of them; more keep their place, and hold up what comes after them.
   *
   * @default 100
   */
  readonly concurrency?: number
  /** Called from time to time, and at the end. What it throws, `sendAll` throws after all results. */
  readonly onProgress?: (progress: SendProgress) => void
  /**
   * Whether everything is done but the request: subscriptions are checked, messages written,
   * encrypted and signed.
   *
   * @default false
   */
  readonly dryRun?: boolean
}

/** Of a dry run: the message would have been sent. */
export interface CheckedOutcome {
  readonly status: 'checked'
  /** The message's id. */
  readonly id: string
}

/** What became of one message of a `sendAll`. */
export type SendResultOutcome = SendOutcome | CheckedOutcome

/** One subscription of a `sendAll`, and what became of its message. */
export interface SendResult<Target extends SendTarget = SendTarget> {
  /** As the source gave it. */
  readonly target: Target
  readonly outcome: SendResultOutcome
}
