import { isUtf8 } from 'node:buffer'
import { type DeclarativePush, parseDeclarativePush } from './declarative-push.ts'
import type { WorkerPushResult } from './loaded-worker.ts'
import type { ShownNotificationContent } from './notification-content.ts'
import type { ShownNotification } from './notification-center.ts'
import { readPayload } from './push-message-data.ts'
import { penaltyFor } from './silent-push.ts'
import type { WorkerSession } from './worker-session.ts'
import type { WorkerSite } from './worker-site.ts'

/** Delivers a push as the engine does, and makes of its silence what the engine makes of it. */
export async function deliverPush(
  session: WorkerSession,
  payload: unknown,
): Promise<WorkerPushResult> {
  const { site } = session
  if (!site.subscription.current) {
    return { delivered: false, handled: false, shown: [], silent: true, penalty: 'none' }
  }
  const bytes = readPayload(isJson(payload) ? JSON.stringify(payload) : payload)
  const declared = bytes && site.traits.declarative ? declaredIn(bytes, site) : null
  if (declared && !declared.mutable) {
    const shown = [showDeclared(site, declared)]
    return { delivered: true, handled: false, shown, silent: false, penalty: 'none' }
  }
  forgiveVisitors(site)
  const proposed = declared && {
    notification: session.run.notifications.wrap(declared.content),
    appBadge: declared.appBadge,
  }
  const { event, ...result } = await session.dispatch({
    type: 'push',
    class: 'PushEvent',
    init: { data: arriving(bytes, site), ...proposed },
  })
  const shown = [...session.run.shownBy(event)]
  if (declared && shown.length === 0) shown.push(showDeclared(site, declared))
  const silent = !shown.some(({ ended }) => ended === undefined)
  return { delivered: true, ...result, ...judge(site, shown, silent, declared !== null) }
}

/** Chromium hands payloads on as text, and gives no data at all for what is none. */
function arriving(bytes: Uint8Array | undefined, { traits }: WorkerSite): Uint8Array | undefined {
  return bytes && traits.dropsOtherThanUtf8 && !isUtf8(bytes) ? undefined : bytes
}

/** Anything but text and bytes goes as JSON, as servers send it. */
function isJson(payload: unknown): boolean {
  if (payload === undefined || payload === null || typeof payload === 'string') return false
  return !ArrayBuffer.isView(payload) && !(payload instanceof ArrayBuffer)
}

function declaredIn(bytes: Uint8Array, { traits, scope, now }: WorkerSite): DeclarativePush | null {
  return parseDeclarativePush(bytes, { traits, baseUrl: scope, now })
}

function showDeclared(site: WorkerSite, { content, appBadge }: DeclarativePush): ShownNotification {
  if (appBadge !== null) site.badge = appBadge === 0 ? null : appBadge
  return site.notifications.show(content, 'declarative')
}

/** In Firefox an open tab is a visit, and a visit restores the quota. */
function forgiveVisitors(site: WorkerSite): void {
  if (site.engine === 'firefox' && site.windows.all.length > 0) site.strikes = 0
}

function judge(
  site: WorkerSite,
  shown: ShownNotification[],
  silent: boolean,
  isDeclared: boolean,
): Pick<WorkerPushResult, 'shown' | 'silent' | 'penalty'> {
  if (isDeclared) return { shown, silent, penalty: 'none' }
  const penalty = penaltyFor(site.engine, {
    showedOwn: !silent,
    showsAny: site.notifications.onScreen.length > 0,
    windowVisible: site.windows.all.some(({ visibilityState }) => visibilityState === 'visible'),
    strikes: site.strikes,
  })
  if (penalty === 'counted' || penalty === 'unsubscribed') site.strikes += 1
  if (penalty === 'unsubscribed') site.subscription.current = null
  if (penalty === 'generic-notification')
    site.notifications.show(genericNotification(site), 'browser')
  return { shown, silent, penalty }
}

/** What Chromium shows in the place of a silent push. */
function genericNotification({ scope, now }: WorkerSite): ShownNotificationContent {
  return {
    title: new URL(scope).host,
    body: 'This site has been updated in the background.',
    tag: 'user_visible_auto_notification',
    dir: 'auto',
    lang: '',
    icon: '',
    image: '',
    badge: '',
    vibrate: [],
    timestamp: now(),
    renotify: false,
    silent: true,
    requireInteraction: false,
    data: null,
    actions: [],
  }
}
