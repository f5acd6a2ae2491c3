import { withDeadline } from '../src/shared/deadline.ts'
import { typeError } from '../src/shared/errors.ts'
import { isNotificationDescriptor, type NotificationDescriptor } from './notification.ts'
import type { Middleware, Route, RouteMessage } from './route.ts'

/** Takes routes, and what stands around all of them. */
export interface RouteTable {
  /** @throws TypeError when the pattern is none, or has a route already. */
  add(pattern: string, route: Route<unknown>): void
  use(middleware: Middleware): void
}

/** The routes of a worker. What needs no waiting is given at once. */
export interface Router extends RouteTable {
  /**
   * Finds the route for a type: its own, that of its longest prefix, or the fallback. Unless it has
   * one of its own, routes that are added late are waited for.
   *
   * @param isDeclared - Whether a prefix may take it.
   */
  find(
    type: string,
    isDeclared: boolean,
  ): Route<unknown> | undefined | Promise<Route<unknown> | undefined>
  /**
   * Has the route describe the notification of a message, within the middleware.
   *
   * @param own - What is described where there is no route.
   * @throws Whatever they throw; and when what they give is no notification.
   */
  describe(
    message: RouteMessage<unknown>,
    route: Route<unknown> | undefined,
    own: NotificationDescriptor,
  ): NotificationDescriptor | Promise<NotificationDescriptor>
}

/**
 * Makes a router.
 *
 * @param addLate - Adds routes; called with the first message that has no route of its own, and
 * with later ones until it succeeds. What it has added counts then, all at once.
 * @param patienceMs - After which one that hangs is called again with the next message.
 */
export function createRouter(addLate?: (table: RouteTable) => unknown, patienceMs = 0): Router {
  const routes = new Map<string, Route<unknown>>()
  const around: Middleware[] = []
  let isLateDone = !addLate
  let adding: Promise<void> | undefined
  const addTo = (to: typeof routes, pattern: string, route: Route<unknown>) => {
    if (/\*(?!$)|[^.]\*$/.test(pattern))
      throw typeError('invalid-argument', 'type must be a name, "prefix.*" or "*".')
    if (routes.has(pattern) || to.has(pattern))
      throw typeError('invalid-argument', `type "${pattern}" has a route already.`)
    to.set(pattern, route)
  }
  const addAllLate = async () => {
    const draft = new Map<string, Route<unknown>>()
    const draftAround: Middleware[] = []
    await addLate?.({
      add: (pattern, route) => addTo(isLateDone ? routes : draft, pattern, route),
      use: (middleware) => (isLateDone ? around : draftAround).push(middleware),
    })
    // Another call may have come to its end before.
    if (isLateDone) return
    isLateDone = true
    for (const [pattern, route] of draft) routes.set(pattern, route)
    around.push(...draftAround)
  }
  return {
    add(pattern, route) {
      addTo(routes, pattern, route)
    },
    use(middleware) {
      around.push(middleware)
    },
    find(type, isDeclared) {
      const own = type.endsWith('*') ? undefined : routes.get(type)
      if (own) return own
      const best = () =>
        patternsOf(type, isDeclared)
          .map((pattern) => routes.get(pattern))
          .find(Boolean)
      if (isLateDone) return best()
      const call = (adding ??= addAllLate())
      withDeadline(call, patienceMs, 'lateRoutes').catch(() => {
        if (adding === call) adding = undefined
      })
      return call.then(best, best)
    },
    describe(message, route, own) {
      const innermost = () => {
        const given = route ? route.notification(message) : own
        return isNotificationDescriptor(given) && !('then' in given) ? given : checked(given)
      }
      return around.reduceRight<() => NotificationDescriptor | Promise<NotificationDescriptor>>(
        (next, middleware) => () => checked(middleware(message, async () => next())),
        innermost,
      )()
    },
  }
}

/** What a route for a type may be under, the best first. */
function patternsOf(type: string, isDeclared: boolean): string[] {
  const parts = isDeclared ? type.split('.') : []
  const prefixes = parts.map((_, index) => [...parts.slice(0, index), '*'].join('.')).toReversed()
  return [...(type.endsWith('*') ? [] : [type]), ...prefixes, '*']
}

async function checked(given: unknown): Promise<NotificationDescriptor> {
  const descriptor = await given
  if (isNotificationDescriptor(descriptor)) return descriptor
  throw new TypeError('A route must give a notification with a title.')
}
