import { Hono } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { isUserName, recipientOf } from './recipient.ts'

/**
 * Makes the routes for signing in and out. They are an example of where that happens, not of how:
 * everybody is who they say they are.
 */
export function createSessionRoutes(): Hono {
  const routes = new Hono()
  routes.get('/', (context) => {
    const recipient = recipientOf(context.req.raw)
    const user = recipient && 'user' in recipient ? recipient.user : null
    context.header('Cache-Control', 'no-store')
    return context.json({ user })
  })
  routes.post('/', async (context) => {
    const { user } = Object(await context.req.json().catch(() => null)) as { user?: unknown }
    if (!isUserName(user)) {
      return context.json({ error: 'user must be a name of 1 to 100 characters.' }, 400)
    }
    setCookie(context, 'user', user, { httpOnly: true, sameSite: 'Lax' })
    return context.json({ user })
  })
  routes.delete('/', (context) => {
    deleteCookie(context, 'user')
    return context.json({ user: null })
  })
  return routes
}
