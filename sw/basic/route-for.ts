import type { BasicRoute } from './basic-route.ts'

/** Finds the route for a type: its own, that of its longest prefix, or `*`. */
export function routeFor(
  type: string,
  routes: ReadonlyMap<string, BasicRoute>,
): BasicRoute | undefined {
  const prefixes = type
    .split('.')
    .map((_, index, parts) => [...parts.slice(0, index), '*'].join('.'))
    .toReversed()
  return [type, ...prefixes].map((pattern) => routes.get(pattern)).find(Boolean)
}
