import { lockName } from '../shared/backend-link.ts'
import { createRegistrationRecords } from '../shared/registration-records.ts'
import { browserPlatform, type PagePlatform } from './page-platform.ts'
import { askPermission } from './permission.ts'
import type { PushClientOptions } from './push-client-options.ts'
import { type PushState, type Remedy, type StoppedState, stoppedState } from './push-state.ts'
import { prepareSetup } from './setup.ts'
import { createStateStore } from './state-store.ts'
import {
  createSubscriptionLifecycle,
  type Subscribed,
  type SubscriptionLifecycle,
} from './subscription-lifecycle.ts'

/** What came of `enable()`. A refusal is an outcome, not an error. */
export type EnableResult =
  | ({ readonly ok: true } & Subscribed)
  | {
      readonly ok: false
      /**
       * `denied` and `dismissed` are the user's answers now; the others stood before, and `state`
       * says more.
       */
      readonly reason: 'denied' | 'dismissed' | StoppedState['status']
      readonly remedy: Remedy
    }

/** Web Push on a page. */
export interface PushClient {
  /** Where things stand; the same object until something changes. */
  readonly state: PushState
  /**
   * Calls back after each change of `state`.
   *
   * @returns The undoing of it.
   */
  readonly onChange: (listener: () => void) => () => void
  /**
   * Registers the worker, gets the key, and brings browser and backend back in step: a lost
   * subscription is made again, one with another key is replaced, the backend is told what it has
   * not acknowledged. Call it when the page loads. It never asks the user, and calling it again
   * looks again.
   *
   * @throws PushwellError or TypeError when the worker, the key or the push service
   * fails. A failing backend is no error here: `state.sync` is `pending`.
   */
  readonly prepare: () => Promise<PushState>
  /**
   * Asks for permission, subscribes, and puts the subscription in the backend. Call it first thing
   * in a click: Safari and Firefox let a page ask only then.
   *
   * @throws PushwellError or TypeError, as `prepare()`.
   */
  readonly enable: () => Promise<EnableResult>
  /**
   * Gives the subscription up and has the backend forget it, also without a network: a backend
   * that does not answer is told at the next `prepare()`.
   *
   * @throws PushwellError when the browser fails.
   */
  readonly disable: () => Promise<PushState>
}

/**
 * Makes a push client. Nothing happens, and nothing of the browser is read, until one of its
 * methods is called.
 *
 * @param platform - The browser; a test passes its own.
 */
export function createPushClient(options: PushClientOptions, platform?: PagePlatform): PushClient {
  const page = () => platform ?? browserPlatform()
  const { timeoutMs = 15_000 } = options
  const store = createStateStore<PushState>({ status: 'loading' })
  const records = createRegistrationRecords()
  let lifecycle: Promise<SubscriptionLifecycle> | undefined

  /**
   * One thing at a time, over all tabs and the worker: what one has read, another must not change
   * before it is written. Every browser with push has locks. Should the work fail, the state says
   * what the browser holds all the same.
   */
  const inTurn = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    const { locks } = page()
    return (locks ? locks.request(lockName, work) : work()).catch(failed)
  }

  const failed = async (cause: Error): Promise<never> => {
    const held = granted() && (await lifecycle?.then((made) => made.current()).catch(() => null))
    settle(held ? { status: 'subscribed', sync: 'pending', error: cause } : idle())
    throw cause
  }

  const ready = (): Promise<SubscriptionLifecycle> => {
    const started = (lifecycle ??= prepareSetup(options, page(), timeoutMs).then((setup) =>
      createSubscriptionLifecycle(setup, records, page(), timeoutMs),
    ))
    // A failure is not kept: the next call tries again.
    started.catch(() => (lifecycle = undefined))
    return started
  }

  const settle = (state: PushState): PushState => {
    store.set(state)
    return store.get()
  }

  const granted = () => page().notification?.permission === 'granted'

  /** The state without a subscription. */
  const idle = (): PushState =>
    stoppedState(page()) ?? { status: granted() ? 'unsubscribed' : 'prompt' }

  const enableAnswered = async (answer: NotificationPermission): Promise<EnableResult> => {
    if (answer === 'granted') {
      return inTurn(async () => {
        const subscribed = await (await ready()).subscribe()
        settle(subscribed.state)
        return { ok: true, ...subscribed }
      })
    }
    settle(idle())
    return answer === 'denied'
      ? { ok: false, reason: 'denied', remedy: 'unblock-notifications' }
      : { ok: false, reason: 'dismissed', remedy: 'ask-again-later' }
  }

  return {
    get state() {
      return store.get()
    },
    onChange: store.onChange,
    prepare: () =>
      inTurn(async () => {
        const stopped = stoppedState(page())
        // What was told to the backend before is taken back although pushes are blocked now.
        if (stopped && stopped.status !== 'blocked') return settle(stopped)
        return settle((await (await ready()).reconcile(granted()))?.state ?? idle())
      }),
    enable() {
      const stopped = stoppedState(page())
      if (!stopped) return askPermission(page()).then(enableAnswered)
      settle(stopped)
      return Promise.resolve({ ok: false, reason: stopped.status, remedy: stopped.remedy })
    },
    disable: () =>
      inTurn(async () => {
        const stopped = stoppedState(page())
        // The decision counts although pushes are blocked now: they may be allowed again.
        if (!stopped || stopped.status === 'blocked') await (await ready()).unsubscribe()
        return settle(idle())
      }),
  }
}
