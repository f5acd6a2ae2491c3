import { canonicalApplicationServerKey } from '../src/shared/application-server-key.ts'
import { renewTag, syncTag } from '../src/shared/channel.ts'
import { withDeadline } from '../src/shared/deadline.ts'
import { PushwellError } from '../src/shared/errors.ts'
import { holding, mayHoldAlso } from '../src/shared/outbox.ts'
import { noteFailure } from '../src/shared/recorded-failures.ts'
import { inTurn } from './in-turn.ts'
import { tellBackend, timeoutMs } from './tell-backend.ts'
import { tellPages } from './tell-pages.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerEvents } from './worker-scope.ts'

type OldSubscription = WorkerEvents['pushsubscriptionchange']['oldSubscription']

/**
 * Subscribes again when the browser says that the subscription changed, and puts the new one in
 * the backend in the old one's place.
 *
 * The event itself is only a hint: Firefox gives the old subscription and never the new one,
 * Chromium neither. So the key comes from what the page stored. What fails here is done at a
 * background sync where the browser has that, and by the page when it is next opened; while the
 * second registration's subscription counts, all of it is the page's.
 *
 * @returns Whether the browser could subscribe, or was not to.
 */
export async function renewSubscription(
  { oldSubscription: old }: { readonly oldSubscription?: OldSubscription },
  context: WorkerContext,
): Promise<boolean> {
  const { home, records, scope } = context
  let isDone = true
  if (home === scope.registration.scope) {
    const { sync } = scope.registration
    const renew = () => renewInTurn(old, context)
    // The page takes the same lock around its subscribing.
    await inTurn(scope, `pushwell ${home}`, 2 * timeoutMs, renew).catch(async ({ name }: Error) => {
      await records.update(home, (record) => ({
        // Nobody but this event may know of it.
        ...(old ? mayHoldAlso(record, old.endpoint) : record),
        failures: noteFailure(record.failures, 'subscribe-failed', Date.now()),
      }))
      // Without the permission, waiting does not help.
      isDone = name === 'NotAllowedError'
    })
    const { retry } = (await tellBackend('change', context)) ?? {}
    const hasToTell = retry !== undefined && retry.nextTry !== Infinity
    const tags = [isDone ? [] : renewTag, hasToTell ? syncTag : []].flat()
    await Promise.allSettled(tags.map(async (tag) => sync?.register(tag)))
  }
  tellPages({ pushwell: 1, scope: home, kind: 'changed' })
  return isDone
}

/** Has a background sync subscribe again where the event could not: there was no network, say. */
export function renewLater(context: WorkerContext): void {
  const again = async () => {
    if (await renewSubscription({}, context)) return
    throw new PushwellError('subscribe-failed', 'The browser could not subscribe again yet.')
  }
  context.scope.addEventListener('sync', (event) => {
    if (event.tag === renewTag) event.waitUntil(again())
  })
}

async function renewInTurn(
  old: OldSubscription,
  { home, records, scope }: WorkerContext,
): Promise<void> {
  const record = (await records.get(home)) ?? (await records.update(home, (blank) => blank))
  const { enabled, hold, keyMove } = record
  // Where nothing can be stored, whoever had a subscription is taken to have wanted it, and the page
  // takes over what it finds.
  const isUnknown = enabled === undefined && !records.persistent
  const oldKey = isUnknown && old?.options?.applicationServerKey
  const applicationServerKey =
    record.applicationServerKey ??
    hold?.applicationServerKey ??
    (oldKey ? canonicalApplicationServerKey(oldKey) : undefined)
  if (!(enabled || isUnknown) || applicationServerKey === undefined) return
  if (keyMove?.phase === 'bridge') return
  const { pushManager } = scope.registration
  const options = { userVisibleOnly: true, applicationServerKey } as const
  const held = await withDeadline(pushManager.getSubscription(), timeoutMs, 'getSubscription()')
  const heldKey = held?.options?.applicationServerKey
  // Made with a key that is not known here: the page's to settle.
  if (heldKey && canonicalApplicationServerKey(heldKey) !== applicationServerKey) return
  const subscription =
    held ?? (await withDeadline(pushManager.subscribe(options), timeoutMs, 'subscribe()'))
  await records.update(home, (before) => {
    const after = holding(before, subscription, applicationServerKey, Date.now())
    return old ? mayHoldAlso(after, old.endpoint) : after
  })
}
