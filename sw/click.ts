import { clickUrl } from './click-url.ts'
import { readClickRecord } from './notification.ts'
import { openUrl } from './open-url.ts'
import type { Route } from './route.ts'
import type { WorkerEvents, WorkerScope } from './worker-scope.ts'

/** Answers a click on one of our notifications; one that another script showed is left to it. */
export async function answerClick(
  event: WorkerEvents['notificationclick'],
  scope: WorkerScope,
  routes: ReadonlyMap<string, Route<unknown>>,
  allowedOrigins: readonly string[],
): Promise<void> {
  const { action, notification } = event
  const record = readClickRecord(notification.data)
  if (!record) return
  notification.close()
  const actions = record.actions ?? {}
  const target = Object.hasOwn(actions, action) ? actions[action] : record.navigate
  const safe = (url: string | null | undefined) =>
    clickUrl(url ?? undefined, scope.registration.scope, allowedOrigins)
  let opened = false
  const open = (url = target ?? undefined) => {
    opened = true
    return openUrl(scope, safe(url))
  }
  try {
    const click = routes.get(record.type ?? '')?.click
    if (click) {
      await click({ data: record.data, id: record.id, action, url: safe(target), open })
      return
    }
  } catch (error) {
    if (opened) throw error
  }
  if (target !== null) await open()
}
