import { noteFailure } from '../shared/recorded-failures.ts'
import type { AskAnswer, RegistrationRecord } from '../shared/registration-record.ts'
import type { DrainReason } from '../shared/sync-retry.ts'
import type { PagePlatform } from './page-platform.ts'
import { askPermission } from './permission.ts'
import type { EnableResult, SubscriptionClient } from './push-client-methods.ts'
import type { SubscriptionClientOptions } from './push-client-options.ts'
import { type PushState, pushState, stoppedState } from './push-state.ts'
import { createStateStore } from './state-store.ts'
import { type StartParts, startLifecycle } from './start-lifecycle.ts'
import type { SubscriptionLifecycle } from './subscription-lifecycle.ts'
import { takeTurn } from './take-turn.ts'

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
export interface CoreParts extends StartParts {
  readonly hasBackend: boolean
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

  const start = async () =>
    (started = await startLifecycle(options, page(), parts, () => {
      if (!signal?.aborted) reconcile('online').catch(() => undefined)
    }))

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
    const { persistent: isPersistent } = records
    store.set(
      pushState({ platform: page(), isWorkerless, hasBackend, isHeld, record, isPersistent }),
    )
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
  const want = (enabled: boolean) =>
    ready()
      .then((lifecycle) => lifecycle.want(enabled))
      // Should the worker fail, what is done next says so.
      .catch(() => undefined)

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
      const wasAsked = !isGranted()
      const early = wasAsked ? undefined : started?.begin()
      early?.catch(() => undefined)
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
