import { homeScope } from '../shared/key-move-scope.ts'
import type { PagePlatform } from './page-platform.ts'

/**
 * Finds the scope that a page's records go by.
 *
 * @param scope - As the app says it, relative to the page; else that of the page's own registration.
 * @returns `undefined` when there is no registration yet.
 */
export async function findScope(
  scope: string | undefined,
  { serviceWorker }: PagePlatform,
): Promise<string | undefined> {
  if (scope !== undefined) return new Request(scope).url
  const found = await serviceWorker?.getRegistration?.()
  return found && homeScope(found.scope)
}
