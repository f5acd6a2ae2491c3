import type { WorkerContext } from './worker-context.ts'
import type { WorkerScope } from './worker-scope.ts'

/** Puts a number on the app's icon where the browser has that; 0 takes it away. */
export async function setAppBadge(count: number, { navigator }: WorkerScope): Promise<void> {
  await navigator.setAppBadge?.(count)
}

/** Puts how many are unread on the app's icon, where there is a part for it. */
export async function badgeUnread(unread: number, { parts, scope }: WorkerContext): Promise<void> {
  if (parts.some(({ name }) => name === 'badge')) await setAppBadge(unread, scope)
}
