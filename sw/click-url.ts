import { parseUrl } from '../src/shared/parse-url.ts'

/**
 * Gives a URL in full when it is http or https, without credentials, and of the app's own or an
 * allowed origin; `undefined` for anything else.
 *
 * The scheme is checked as well as the origin, because the origin of `blob:https://app.example/…`
 * is `https://app.example`.
 *
 * @param scope - The registration's scope: the base of a relative URL.
 */
export function allowedUrl(
  url: string,
  scope: string,
  allowedOrigins: readonly string[],
): string | undefined {
  const target = parseUrl(url, scope)
  if (!target) return undefined
  const { href, origin, protocol, username, password } = target
  const allowed =
    /^https?:$/.test(protocol) &&
    username + password === '' &&
    [new URL(scope).origin, ...allowedOrigins].includes(origin)
  return allowed ? href : undefined
}

/** Where a click may lead: an {@link allowedUrl}, or the app's root in the place of any other. */
export function clickUrl(
  url: string | undefined,
  scope: string,
  allowedOrigins: readonly string[],
): string {
  return (url === undefined ? url : allowedUrl(url, scope, allowedOrigins)) ?? new URL(scope).href
}
