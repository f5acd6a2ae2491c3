import { rangeError } from '../../shared/errors.ts'
import type { WorkerClickOptions, WorkerClickResult } from './loaded-worker.ts'
import type { ShownNotification } from './notification-center.ts'
import type { WorkerSession } from './worker-session.ts'
import type { WindowAction, WorkerSite } from './worker-site.ts'

/** Clicks a notification: its `navigate` where the engine follows it, else the worker's event. */
export async function clickNotification(
  session: WorkerSession,
  shown: ShownNotification,
  action: string,
  { reply }: WorkerClickOptions,
): Promise<WorkerClickResult> {
  const { site } = session
  requireOnScreen(site, shown)
  if (action !== '' && !shown.actions?.some((button) => button.action === action)) {
    const names = (shown.actions ?? []).map((button) => button.action).join(', ') || 'none'
    throw rangeError('invalid-argument', `action must be a button of the notification: ${names}.`)
  }
  if (shown.navigate) return followNavigate(site, shown, shown.navigate)
  const { actions } = site
  const before = actions.length
  const { run } = session
  run.activation.begin()
  const { event: _, ...result } = await session.dispatch({
    type: 'notificationclick',
    class: 'NotificationEvent',
    init: { notification: run.notifications.wrap(shown), action, reply },
  })
  run.activation.end()
  return { ...result, ...summary(actions.slice(before)), closed: shown.ended !== undefined }
}

/**
 * Makes sure that there is something to click.
 *
 * @throws RangeError when there is not.
 */
export function requireOnScreen(site: WorkerSite, shown: ShownNotification): void {
  if (site.notifications.onScreen.includes(shown)) return
  throw rangeError(
    'invalid-argument',
    'notification must be one of worker.notifications: this one is not on the screen.',
  )
}

/** The browser goes there itself, and no event is fired (Notifications API, "activate steps"). */
function followNavigate(
  site: WorkerSite,
  shown: ShownNotification,
  url: string,
): WorkerClickResult {
  site.notifications.end(shown, 'closed')
  if (new URL(url).origin === new URL(site.scope).origin) {
    site.windows.add({ url, focused: true }, true)
  }
  return { handled: false, opened: [url], focused: [], navigated: [], closed: true }
}

function summary(actions: readonly WindowAction[]) {
  const urls = (kind: WindowAction['kind']) =>
    actions.filter((action) => action.kind === kind).map(({ url }) => url)
  return { opened: urls('opened'), focused: urls('focused'), navigated: urls('navigated') }
}
