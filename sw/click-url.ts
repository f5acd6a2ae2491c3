import { parseUrl } from '../src/shared/parse-url.ts'

/**
 * Where a click may lead: the URL when it is http or https, without credentials, and of the
 * app's own or an allowed origin; the app's root for anything else.
 *
 * The scheme is checked as well as the origin, because the origin of `blob:https://app.example/…`
 * is `https://app.example`.
 *
 * @param scope - The registration's scope: the base of a relative URL, and the app's root.
 */
export function clickUrl(
  url: string | undefined,
  scope: string,
  allowedOrigins: readonly string[],
): string {
  const root = new URL(scope)
  const target = url === undefined ? undefined : parseUrl(url, scope)
  if (!target) return root.href
  const { href, origin, protocol, username, password } = target
  const allowed =
    /^https?:$/.test(protocol) &&
    username + password === '' &&
    [root.origin, ...allowedOrigins].includes(origin)
  return allowed ? href : root.href
}
