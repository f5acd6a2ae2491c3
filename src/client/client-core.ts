import type { Remedy } from '../shared/errors.ts'
import { noteFailure } from '../shared/recorded-failures.ts'
import type {
  AskAnswer,
  RegistrationRecord,
  RegistrationRecords,
} from '../shared/registration-record.ts'
import type { DrainReason } from '../shared/sync-retry.ts'
import type { SyncTransport } from '../shared/sync-transport.ts'
import { createKeySource } from './key-source.ts'
import type { PagePlatform } from './page-platform.ts'
import { askPermission } from './permission.ts'
import type { SubscriptionClientOptions } from './push-client-options.ts'
import { type PushState, pushState, type StoppedState, stoppedState } from './push-state.ts'
import { createStateStore } from './state-store.ts'
import {
  createSubscriptionLifecycle,
  type LifecycleParts,
  type SubscriptionLifecycle,
} from './subscription-lifecycle.ts'
import { takeTurn } from './take-turn.ts'
import { findPushTarget } from './worker-registration.ts'

/** What came of `enable()`. A refusal is an outcome, not an error. */
export type EnableResult =
  | { readonly ok: true; readonly subscription: PushSubscription; readonly state: PushState }
  | {
      readonly ok: false
      /**
       * `denied` and `dismissed` are the user's answers now; the others stood before, and `state`
       * says more.
       */
      readonly reason: 'denied' | 'dismissed' | StoppedState['status']
      readonly remedy: Remedy
    }

/** Permission and subscription on a page: what every client is about. */
export interface SubscriptionClient {
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
   * Gives the subscription up and has the backend forget it, also without a network.
   *
   * @throws PushwellError when the browser fails.
   */
  readonly disable: () => Promise<PushState>
}

/** What a client is built around. */
export interface ClientCore extends SubscriptionClient {
  readonly page: () => PagePlatform
  /** The record as it was last read. */
  readonly record: () => RegistrationRecord | undefined
  /** Whether nothing can be done here, and nothing is to be touched. */
  readonly isUnsupported: () => boolean
  /** Gives what subscribes, once worker and platform are ready. A failure is not kept. */
  readonly ready: () => Promise<SubscriptionLifecycle>
  /** Brings browser and backend back in step, as `prepare()`. */
  readonly reconcile: (reason: DrainReason) => Promise<PushState>
  /** Reads everything anew, and makes the state of it. */
  readonly look: () => Promise<PushState>
  /** Remembers how the user answered. */
  readonly remember: (answer: AskAnswer['answer']) => Promise<unknown>
}

/** What a core is made of. */
export interface CoreParts {
  readonly records: RegistrationRecords
  readonly hasBackend: boolean
  /** Called once the page's globals may be read. */
  readonly transport: (page: PagePlatform) => SyncTransport | undefined
  readonly description: (page: PagePlatform) => Partial<RegistrationRecord>
  readonly keyMove?: (parts: LifecycleParts) => LifecycleParts['keyMove']
  /** Called after the core has changed something that other tabs may want to know. */
  readonly onDone?: () => void
}

/** Makes what every client does. Nothing of the browser is read until a method is called. */
export function createClientCore(
  options: Omit<SubscriptionClientOptions, 'sync'>,
  page: () => PagePlatform,
  parts: CoreParts,
): ClientCore {
  const { timeoutMs = 15_000, signal } = options
  const { records, hasBackend, onDone = () => undefined } = parts
  const store = createStateStore<PushState>({ status: 'loading' })
  const isWorkerless = options.serviceWorker === false
  let starting: Promise<SubscriptionLifecycle> | undefined
  let started: SubscriptionLifecycle | undefined
  let record: RegistrationRecord | undefined

  const start = async () => {
    const platform = page()
    const findKey = createKeySource(options.applicationServerKey, timeoutMs, signal)
    // Fetched meanwhile. That it fails is told to who needs it: giving up does not.
    findKey().catch(() => undefined)
    const target = await findPushTarget(options.serviceWorker, platform, timeoutMs, signal)
    const lifecycleParts: LifecycleParts = {
      target,
      records,
      transport: parts.transport(platform),
      description: parts.description(platform),
      findKey,
      platform,
      timeoutMs,
      signal,
      underWay: new Map(),
      onLate() {
        if (!signal?.aborted) reconcile('online').catch(() => undefined)
      },
    }
    const keyMove = parts.keyMove?.(lifecycleParts)
    started = createSubscriptionLifecycle({ ...lifecycleParts, keyMove })
    return started
  }

  const ready = () => {
    const made = (starting ??= start())
    made.catch(() => (starting = undefined))
    return made
  }

  /** As `ready`, and registers the worker again if somebody has unregistered it since. */
  const readyNow = async () => {
    const lifecycle = await ready()
    const { registration, scope } = lifecycle.target
    const found = registration && (await page().serviceWorker?.getRegistration?.(scope))
    if (registration && found?.scope !== scope && started === lifecycle) {
      starting = started = undefined
    }
    return ready()
  }

  const stopped = () => stoppedState({ platform: page(), isWorkerless, record })
  const isUnsupported = () => {
    const why = stopped()
    return why !== null && why.status !== 'blocked'
  }
  const isGranted = () => page().notification?.permission === 'granted'

  const look = async (): Promise<PushState> => {
    record = started && (await records.get(started.target.scope))
    const isHeld = isGranted() && (await started?.isSubscribed(record).catch(() => false)) === true
    const isPersistent = records.persistent
    const facts = { platform: page(), isWorkerless, hasBackend, isHeld, record, isPersistent }
    store.set(pushState(facts))
    return store.get()
  }

  const turn = <Value>({ target }: SubscriptionLifecycle, work: () => Promise<Value>) =>
    takeTurn(page(), `pushwell ${target.scope}`, 4 * timeoutMs, signal, work)

  const noteFailed = async (error: unknown) => {
    const { code } = error as { code?: unknown }
    if (!started || typeof code !== 'string') return
    const at = page().now()
    await records.update(started.target.scope, (before) => ({
      ...before,
      failures: noteFailure(before.failures, code, at),
    }))
  }

  /**
   * Changes something in the browser, one tab after another, and tells the backend of it, whatever
   * came of it: a backend that takes its time keeps no other tab waiting.
   */
  const act = async <Value>(
    reason: DrainReason,
    work: (lifecycle: SubscriptionLifecycle) => Promise<Value>,
  ): Promise<Value> => {
    try {
      const lifecycle = await readyNow()
      try {
        return await turn(lifecycle, () => work(lifecycle))
      } finally {
        if (!signal?.aborted) {
          await lifecycle.drain(reason)
          if (await turn(lifecycle, () => lifecycle.advance())) await lifecycle.drain('change')
        }
      }
    } catch (error) {
      await noteFailed(error)
      throw error
    } finally {
      await look()
      onDone()
    }
  }

  const reconcile = async (reason: DrainReason) => {
    if (isUnsupported()) return look()
    await act(reason, (lifecycle) => lifecycle.reconcile(isGranted(), reason))
    return store.get()
  }

  /** Writes down what the user decided before anything is done about it. */
  const want = async (enabled: boolean) => {
    // Should the worker fail, what is done next says so.
    await ready().then(
      (lifecycle) => lifecycle.want(enabled),
      () => undefined,
    )
  }

  const remember = (answer: AskAnswer['answer']) =>
    ready().then(({ target: { scope } }) =>
      records.update(scope, (before) => ({
        ...before,
        answers: [...(before.answers ?? []).slice(-9), { answer, at: page().now() }],
      })),
    )

  const answered = async (
    answer: NotificationPermission,
    wasAsked: boolean,
    early: Promise<PushSubscription> | undefined,
  ): Promise<EnableResult> => {
    const remembered = answer === 'default' ? 'dismissed' : answer
    if (wasAsked) {
      const told = answer === 'granted' ? undefined : () => look().then(onDone)
      remember(remembered)
        .then(told)
        .catch(() => undefined)
    }
    if (answer === 'granted') {
      await want(true)
      const subscription = await act('change', (lifecycle) => lifecycle.subscribe('change', early))
      return { ok: true, subscription, state: store.get() }
    }
    await look()
    return answer === 'denied'
      ? { ok: false, reason: 'denied', remedy: 'unblock-notifications' }
      : { ok: false, reason: 'dismissed', remedy: 'ask-again-later' }
  }

  return {
    get state() {
      return store.get()
    },
    onChange: store.onChange,
    page,
    record: () => record,
    isUnsupported,
    ready,
    reconcile,
    look,
    remember,
    prepare: () => reconcile('load'),
    enable() {
      const why = stopped()
      if (why) {
        store.set(why)
        return Promise.resolve({ ok: false, reason: why.status, remedy: why.remedy })
      }
      const early = isGranted() ? started?.begin() : undefined
      early?.catch(() => undefined)
      const wasAsked = !isGranted()
      return askPermission(page()).then((answer) => answered(answer, wasAsked, early))
    },
    async disable() {
      if (isUnsupported()) return look()
      await want(false)
      await act('change', (lifecycle) => lifecycle.unsubscribe())
      return store.get()
    },
  }
}
