import { withDeadline } from '../shared/deadline.ts'
import { isP256Point, parseApplicationServerKey } from '../shared/application-server-key.ts'
import { keyMoveScope } from '../shared/key-move-scope.ts'
import { holding, nextRequest } from '../shared/outbox.ts'
import { noteFailure } from '../shared/recorded-failures.ts'
import type { KeyMove, RegistrationRecord } from '../shared/registration-record.ts'
import { subscribeWith, unsubscribe } from './subscribe.ts'
import type { KeyMover, LifecycleParts, SubscriptionLifecycle } from './subscription-lifecycle.ts'
import { untilActive } from './worker-registration.ts'

/**
 * How long the browser is given to get what waited for it at the push service after it may have been
 * down, and how long no page has looked when it may have.
 */
const arrivalMs = 10_000

/** Tells when a half of a move has waited long enough, in milliseconds since 1970. */
export function settledAt({ since, backAt = 0 }: KeyMove, settleMs: number): number {
  return Math.max(since + settleMs, backAt + Math.min(settleMs, arrivalMs))
}

/**
 * Moves a subscription to another key without a moment at which the user cannot be reached, though
 * a registration has one subscription and a subscription one key: a second registration of the same
 * worker subscribes under the new key and takes over, then the first one follows and takes back.
 *
 * - `bridge`: the backend sends to the second registration. The first one keeps its old
 *   subscription for `settleMs`, for messages that are still under way to it.
 * - `settle`: the first one has the new key, and the backend sends to it. The second one goes after
 *   `settleMs`, as a registration once nothing that it has shown is on the screen any more.
 *
 * Must hold, wherever the browser dies in between: the subscription that the backend was last told
 * of is live.
 */
export function createKeyMove(
  parts: LifecycleParts & {
    readonly settleMs: number
    /** When the page was loaded, in milliseconds since 1970. */
    readonly loadedAt: number
    readonly workerType?: WorkerType
  },
  lifecycle: SubscriptionLifecycle,
): KeyMover {
  const { target, records, platform, settleMs, loadedAt, timeoutMs, signal } = parts
  const { scope, registration, pushManager } = target
  const bridgeScope = keyMoveScope(scope)
  const { serviceWorker } = platform

  const within = <Value>(work: Promise<Value>) =>
    withDeadline(work, 4 * timeoutMs, 'The move to another key', signal)

  const findBridge = async () => {
    const found = await serviceWorker?.getRegistration?.(bridgeScope)
    return found?.scope === bridgeScope ? found : undefined
  }

  const makeBridge = async () => {
    const script = registration?.active?.scriptURL ?? ''
    const register = async (type: WorkerType) =>
      serviceWorker?.register(script, { scope: bridgeScope, updateViaCache: 'none', type })
    // The worker that is there does not tell which of the two it is.
    const made = await register(parts.workerType ?? 'classic').catch(() => register('module'))
    if (!made) throw new TypeError('There are no workers.')
    await untilActive(made, timeoutMs, signal)
    return made
  }

  /**
   * Makes a subscription the one that counts. Should the user have turned pushes off meanwhile, or
   * the move be over, nobody has a use for it any more.
   */
  const takeOver = async (
    subscription: PushSubscription,
    to: string,
    phase: KeyMove['phase'],
  ): Promise<void> => {
    const since = platform.now()
    const { hold } = await records.update(scope, (record) => {
      const isWanted = record.hold && [record.rotateTo, record.keyMove?.to].includes(to)
      if (!isWanted) return record
      return {
        ...holding(record, subscription, to, since),
        applicationServerKey: to,
        // Another one may be wanted by now: that is the next move.
        rotateTo: record.rotateTo === to ? undefined : record.rotateTo,
        keyMove: { to, phase, since },
      }
    })
    if (hold?.subscription.endpoint !== subscription.endpoint)
      await unsubscribe(subscription, parts)
  }

  const begin = async (to: string): Promise<void> => {
    if (!(await isP256Point(parseApplicationServerKey(to)))) throw new TypeError('No such key.')
    const bridge = await makeBridge()
    const held = await bridge.pushManager.getSubscription()
    await takeOver(await subscribeWith(to, held, bridge.pushManager, parts), to, 'bridge')
  }

  const removeBridge = async (): Promise<void> => {
    const bridge = await findBridge()
    const held = await bridge?.pushManager.getSubscription()
    if (held) await unsubscribe(held, parts)
    // Unregistering would take its notifications off the screen. A later load finds it.
    const shown = await bridge?.getNotifications()
    if (shown?.length === 0) await bridge?.unregister()
  }

  const finish = async (): Promise<void> => {
    await removeBridge()
    await records.update(scope, (record) => ({ ...record, keyMove: undefined }))
  }

  const bridged = async ({ keyMove, hold, applicationServerKey }: RegistrationRecord) => {
    if (keyMove?.phase !== 'bridge' || keyMove.to !== applicationServerKey) return null
    const held = await (await findBridge())?.pushManager.getSubscription()
    return held && held.endpoint === hold?.subscription.endpoint ? held : null
  }

  /**
   * Notes that the browser is there, and since when if it may have been down before this page. Once
   * is enough: short visits would else never let a move come to its end.
   */
  const noteSeen = async ({ seenAt, ...keyMove }: KeyMove): Promise<KeyMove> => {
    const pauseMs = loadedAt - (seenAt ?? keyMove.since)
    const isBack = keyMove.backAt === undefined && pauseMs > Math.min(settleMs, arrivalMs)
    const seen = { ...keyMove, seenAt: platform.now(), ...(isBack && { backAt: loadedAt }) }
    // The move may be over by now, or in its next half.
    await records.update(scope, (record) =>
      record.keyMove?.since === seen.since ? { ...record, keyMove: seen } : record,
    )
    return seen
  }

  /** @returns Whether another subscription counts now. */
  const step = async (record: RegistrationRecord): Promise<boolean> => {
    const { rotateTo, hold } = record
    const keyMove = record.keyMove && (await noteSeen(record.keyMove))
    if (!keyMove) {
      const begins = rotateTo !== undefined && hold !== undefined
      await (begins ? begin(rotateTo) : removeBridge())
      return begins
    }
    if (keyMove.phase === 'bridge' && !(await bridged(record))) {
      // The first registration has taken over: the browser had lost the other's, or the app has
      // another key by now.
      await finish()
      return false
    }
    // Another key is wanted by now: what the first registration still held was out of date anyway.
    const isOvertaken = keyMove.phase === 'bridge' && rotateTo !== undefined
    if (!isOvertaken && platform.now() < settledAt(keyMove, settleMs)) return false
    if (keyMove.phase === 'settle') {
      await finish()
      return false
    }
    const to = rotateTo ?? keyMove.to
    const held = await lifecycle.current()
    await takeOver(await subscribeWith(to, held, pushManager, parts), to, 'settle')
    return true
  }

  return {
    bridged: async (record) => (record ? bridged(record) : null),
    async advance() {
      const record = await records.get(scope)
      // One thing after another: what the backend does not know yet is told first.
      if (!registration || !record || nextRequest(record, platform.now(), 0)) return false
      try {
        return await within(step(record))
      } catch {
        // The old key still works; the next load tries again.
        const at = platform.now()
        await records.update(scope, (now) => ({
          ...now,
          failures: noteFailure(now.failures, 'key-move-failed', at),
        }))
        return false
      }
    },
    async cancel() {
      // One may have been made that is not written down.
      await within(removeBridge())
      await records.update(scope, (record) => ({ ...record, keyMove: undefined }))
    },
  }
}
