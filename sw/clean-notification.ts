import { allowedUrl } from './click-url.ts'
import type { NotificationAction, NotificationDescriptor } from './notification.ts'
import { saidMembers } from './said-members.ts'

/** What decides how a notification is cleaned. */
export interface CleaningRules {
  /** What relative URLs start from; its origin is allowed. */
  readonly home: string
  readonly allowedOrigins: readonly string[]
  /** How many buttons the browser shows (`Notification.maxActions`); `undefined`: it does not say. */
  readonly maxActions: number | undefined
}

type Members = { readonly [Name in keyof NotificationDescriptor]?: unknown }

/**
 * Leaves out of a notification what the browser would refuse it for (Notifications API, "create a
 * notification"), and what it must not load. Whatever stands in it, it never throws.
 *
 * - Actions without a name or a label, `renotify` without a tag, `vibrate` with `silent`, and a tag,
 *   `vibrate`, `timestamp` or `dir` that is none are left out.
 * - Images are resolved against the scope; those that are not of an allowed origin, nor `data:`
 *   images, are left out.
 * - Of too many actions, the first stay; those that only close the notification go before others,
 *   since browsers have a button for that.
 */
export function cleanNotification(
  descriptor: Members,
  { home, allowedOrigins, maxActions }: CleaningRules,
): NotificationDescriptor {
  const { renotify, vibrate, dir, actions, icon, image, badge, timestamp, ...rest }: Members =
    descriptor
  const tag = typeof rest.tag === 'number' ? `${rest.tag}` : rest.tag
  const hasTag = typeof tag === 'string'
  const isPattern = (Array.isArray(vibrate) ? vibrate : [vibrate]).every(isCount)
  const safe = (url: unknown) => imageUrl(url, home, allowedOrigins)
  const cleaned: Members = {
    ...rest,
    tag: hasTag ? tag : undefined,
    renotify: hasTag && tag ? renotify : undefined,
    vibrate: rest.silent || !isPattern ? undefined : vibrate,
    timestamp: isCount(timestamp) ? timestamp : undefined,
    dir: ['auto', 'ltr', 'rtl'].find((known) => known === dir),
    icon: safe(icon),
    image: safe(image),
    badge: safe(badge),
    actions: Array.isArray(actions)
      ? cutActions(actions.filter(isAction), maxActions).map((it) => ({
          ...it,
          icon: safe(it.icon),
        }))
      : undefined,
  }
  return saidMembers(cleaned) as NotificationDescriptor
}

function isCount(value: unknown): boolean {
  return Number.isFinite(value) && Number(value) >= 0
}

function imageUrl(url: unknown, home: string, origins: readonly string[]): unknown {
  if (typeof url !== 'string') return undefined
  return /^data:image\//i.test(url) ? url : allowedUrl(url, home, origins)
}

function isAction(value: unknown): value is NotificationAction {
  const { action, title } = (value ?? {}) as {
    readonly [Name in keyof NotificationAction]?: unknown
  }
  return typeof action === 'string' && typeof title === 'string'
}

function cutActions(
  actions: readonly NotificationAction[],
  most = actions.length,
): NotificationAction[] {
  const closes = ({ navigate }: NotificationAction) => Number(navigate === null)
  const kept = new Set(actions.toSorted((a, b) => closes(a) - closes(b)).slice(0, most))
  return actions.filter((action) => kept.has(action))
}
