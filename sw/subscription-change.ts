import { canonicalApplicationServerKey } from '../src/shared/application-server-key.ts'
import { withDeadline } from '../src/shared/deadline.ts'
import { holding, mayHoldAlso } from '../src/shared/outbox.ts'
import { noteFailure } from '../src/shared/recorded-failures.ts'
import { tellBackend, timeoutMs } from './tell-backend.ts'
import { tellPages } from './tell-pages.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerEvents } from './worker-scope.ts'

/**
 * Subscribes again when the browser says that the subscription changed, and puts the new one in
 * the backend in the old one's place.
 *
 * The event itself is only a hint: Firefox gives the old subscription and never the new one,
 * Chromium neither. So the key comes from what the page stored. What fails here, the page does
 * when it is next opened; while the second registration's subscription counts, all of it is the
 * page's.
 */
export async function renewSubscription(
  event: WorkerEvents['pushsubscriptionchange'],
  context: WorkerContext,
): Promise<void> {
  const { home, records, scope } = context
  if (home === scope.registration.scope) {
    const { locks } = scope.navigator
    const renew = () => renewInTurn(event, context)
    const signal = AbortSignal.timeout(2 * timeoutMs)
    // The page takes the same lock around its subscribing.
    const turn = locks ? locks.request(`pushwell ${home}`, { signal }, renew) : renew()
    await turn.catch(() =>
      records.update(home, (record) => ({
        ...record,
        failures: noteFailure(record.failures, 'subscribe-failed', Date.now()),
      })),
    )
    await tellBackend('change', context)
  }
  tellPages({ pushwell: 1, scope: home, kind: 'changed' })
}

async function renewInTurn(
  event: WorkerEvents['pushsubscriptionchange'],
  { home, records, scope }: WorkerContext,
): Promise<void> {
  const record = await records.get(home)
  const applicationServerKey = record?.applicationServerKey ?? record?.hold?.applicationServerKey
  if (!record?.enabled || applicationServerKey === undefined) return
  if (record.keyMove?.phase === 'bridge') return
  const { pushManager } = scope.registration
  const options = { userVisibleOnly: true, applicationServerKey } as const
  const held = await withDeadline(pushManager.getSubscription(), timeoutMs, 'getSubscription()')
  const heldKey = held?.options?.applicationServerKey
  // Made with a key that is not known here: the page's to settle.
  if (heldKey && canonicalApplicationServerKey(heldKey) !== applicationServerKey) return
  const subscription =
    held ?? (await withDeadline(pushManager.subscribe(options), timeoutMs, 'subscribe()'))
  const old = event.oldSubscription
  await records.update(home, (before) => {
    const after = holding(before, subscription, applicationServerKey, Date.now())
    return old ? mayHoldAlso(after, old.endpoint) : after
  })
}
