import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

/**
 * Lets in who has the token: in `Authorization: Bearer …`, or in a cookie, which opening any of the
 * pages once with `?token=…` sets.
 */
export function adminAccess(token: string): MiddlewareHandler {
  return async (context, next) => {
    const { searchParams, pathname, protocol } = new URL(context.req.url)
    const given = searchParams.get('token')
    if (given !== null && context.req.method === 'GET' && isSame(given, token)) {
      const secure = protocol === 'https:'
      setCookie(context, 'admin', given, { httpOnly: true, sameSite: 'Strict', secure })
      // So that the token does not stay in the address.
      return context.redirect(pathname)
    }
    const [, bearer] = /^Bearer (.+)$/i.exec(context.req.header('Authorization') ?? '') ?? []
    const held = bearer ?? getCookie(context, 'admin')
    if (held !== undefined && isSame(held, token)) return next()
    return context.json(
      { error: 'Open the address that the backend printed, with its token.' },
      401,
    )
  }
}

/** In a time that tells nothing of how much of it is right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
