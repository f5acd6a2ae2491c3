import type { PushSubscriptionData } from '../../shared/subscription.ts'
import { rangeError, typeError } from '../../shared/errors.ts'
import type { LoadedWorker, SubscriptionChange, WorkerEventResult } from './loaded-worker.ts'
import { clickNotification, requireOnScreen } from './notification-click.ts'
import { deliverPush } from './push-delivery.ts'
import type { WorkerSession } from './worker-session.ts'
import type { WindowState, WorkerWindow } from './worker-windows.ts'
import type { EventDescription } from './dispatch-event.ts'

/** Makes the face of a worker that is installed and active. */
export function createLoadedWorker<Scope>(session: WorkerSession): LoadedWorker<Scope> {
  const { site } = session
  const dispose = () => {
    session.end()
    return Promise.resolve()
  }
  const face = {
    engine: site.engine,
    get scope() {
      return session.run.scope['self'] as Scope
    },
    push: (payload?: unknown) => deliverPush(session, payload),
    click: (...[shown, action = '', options = {}]: Parameters<LoadedWorker['click']>) =>
      clickNotification(session, shown, action, options),
    restart: () => session.start(),
    dispose,
    [Symbol.asyncDispose]: dispose,
    ...createEventMethods(session),
    ...createWindowMethods(session),
  }
  return defineState(session, face)
}

/** The members that are read anew each time. */
function defineState<Scope>(
  { site }: WorkerSession,
  face: Omit<LoadedWorker<Scope>, keyof ReturnType<typeof readState> | 'permission'>,
): LoadedWorker<Scope> {
  const names = ['notifications', 'history', 'windows', 'subscription', 'badge'] as const
  const more = ['syncTags', 'errors', 'warnings'] as const
  for (const name of [...names, ...more]) {
    Object.defineProperty(face, name, { get: () => readState(site)[name], enumerable: true })
  }
  return Object.defineProperty(face, 'permission', {
    get: () => site.permission,
    set(value: LoadedWorker['permission']) {
      site.permission = value
      if (value !== 'granted') site.subscription.current = null
    },
    enumerable: true,
  }) as LoadedWorker<Scope>
}

function readState(site: WorkerSession['site']) {
  return {
    notifications: site.notifications.onScreen,
    history: site.notifications.history,
    windows: site.windows.all,
    subscription: site.subscription.current?.data ?? null,
    badge: site.badge,
    syncTags: [...site.syncTags],
    errors: [...site.errors],
    warnings: [...site.warnings],
  }
}

function createEventMethods(session: WorkerSession) {
  const { site } = session
  const send = async (description: EventDescription): Promise<WorkerEventResult> => {
    const { event: _, ...result } = await session.dispatch(description)
    return result
  }
  return {
    async close(shown: LoadedWorker['notifications'][number]) {
      requireOnScreen(site, shown)
      const before = site.errors.length
      const handled = session.run.listeners.has('notificationclose')
      site.notifications.end(shown, 'dismissed')
      await session.settle()
      const [failure] = site.errors.slice(before)
      return { handled, ...(failure && { failed: failure.error }) }
    },
    changeSubscription: (change: SubscriptionChange = {}) =>
      send({
        type: 'pushsubscriptionchange',
        class: 'PushSubscriptionChangeEvent',
        init: loseSubscription(session, change),
      }),
    message: (...[data, { from, ports = [] } = {}]: Parameters<LoadedWorker['message']>) => {
      const source = from && session.run.clients.wrap(from as WindowState)
      const init = {
        data: structuredClone(data),
        source,
        ports,
        origin: new URL(site.scope).origin,
      }
      return send({ type: 'message', class: 'ExtendableMessageEvent', init })
    },
    async sync(tag: string, { lastChance = false } = {}) {
      if (!site.traits.backgroundSync) {
        throw typeError('invalid-argument', `engine: ${site.engine} has no Background Sync.`)
      }
      const result = await send({ type: 'sync', class: 'SyncEvent', init: { tag, lastChance } })
      if (!('failed' in result) || lastChance) site.syncTags.delete(tag)
      return result
    },
  }
}

/** Takes the subscription away, and gives what the engine says about it. */
function loseSubscription({ site, run }: WorkerSession, change: SubscriptionChange) {
  const lost = site.subscription.current
  site.subscription.current = null
  const wrap = (data: PushSubscriptionData | null | undefined) =>
    data ? run.push.wrap({ data, applicationServerKey: null, userVisibleOnly: true }) : null
  const told = lost && site.traits.tellsOldSubscription ? run.push.wrap(lost) : null
  return {
    oldSubscription: change.oldSubscription === undefined ? told : wrap(change.oldSubscription),
    newSubscription: wrap(change.newSubscription),
  }
}

function createWindowMethods({ site: { windows } }: WorkerSession) {
  const requireWindow = (window: WorkerWindow): WindowState => {
    const found = windows.all.find((other) => other === window)
    if (found) return found
    throw rangeError('invalid-argument', 'window must be one of worker.windows.')
  }
  return {
    openWindow: (options: Parameters<LoadedWorker['openWindow']>[0] = {}): WorkerWindow =>
      windows.add(options),
    focusWindow: (window: WorkerWindow) => windows.focus(requireWindow(window)),
    closeWindow: (window: WorkerWindow) => windows.remove(requireWindow(window)),
  }
}
