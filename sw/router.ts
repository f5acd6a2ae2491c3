import { typeError } from '../src/shared/errors.ts'
import { isNotificationDescriptor, type NotificationDescriptor } from './notification.ts'
import type { Middleware, Route, RouteMessage } from './route.ts'

/** The routes of a worker, and what stands around all of them. */
export interface Router {
  /** @throws TypeError when the pattern is none, or has a route already. */
  add(pattern: string, route: Route<unknown>): void
  use(middleware: Middleware): void
  /**
   * Finds the route for a type: its own, that of its longest prefix, or the fallback. Unless it has
   * one of its own, routes that are added late are waited for.
   *
   * @param isDeclared - Whether a prefix may take it.
   */
  find(type: string, isDeclared: boolean): Promise<Route<unknown> | undefined>
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
  ): Promise<NotificationDescriptor>
}

/**
 * Makes a router.
 *
 * @param addLate - Adds routes; called with the first message that has no route of its own, and
 * with later ones until it succeeds.
 */
export function createRouter(addLate?: () => unknown): Router {
  const routes = new Map<string, Route<unknown>>()
  const around: Middleware[] = []
  let adding: Promise<unknown> | undefined
  return {
    add(pattern, route) {
      if (/\*(?!$)|[^.]\*$/.test(pattern))
        throw typeError('invalid-argument', 'type must be a name, "prefix.*" or "*".')
      if (routes.has(pattern))
        throw typeError('invalid-argument', `type "${pattern}" has a route already.`)
      routes.set(pattern, route)
    },
    use(middleware) {
      around.push(middleware)
    },
    async find(type, isDeclared) {
      if (addLate && (type === '' || !routes.has(type))) {
        adding ??= (async () => addLate())()
        await adding.catch(() => (adding = undefined))
      }
      return patternsOf(type, isDeclared).flatMap((pattern) => routes.get(pattern) ?? [])[0]
    },
    describe(message, route, own) {
      const innermost = async () => checked(route ? await route.notification(message) : own)
      return around.reduceRight<() => Promise<NotificationDescriptor>>(
        (next, middleware) => async () => checked(await middleware(message, next)),
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

function checked(descriptor: unknown): NotificationDescriptor {
  if (isNotificationDescriptor(descriptor)) return descriptor
  throw new TypeError('A route must give a notification with a title.')
}
