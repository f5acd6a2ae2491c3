import { parse } from 'hono/utils/cookie'

/** Whose devices a subscription and a message are for. */
export type Recipient =
  /** Somebody who has signed in, on any number of devices. */
  | { readonly user: string }
  /** A browser in which nobody has. */
  | { readonly visitor: string }

const visitorId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** Says who sends a request, by its cookies; only what this backend sets in them counts. */
export function recipientOf(request: Request): Recipient | null {
  const { user, visitor = '' } = parse(request.headers.get('cookie') ?? '')
  if (isUserName(user)) return { user }
  return visitorId.test(visitor) ? { visitor } : null
}

/** The name that the database has for a recipient: no user has a visitor's. */
export function nameOf(recipient: Recipient): string {
  return 'user' in recipient ? recipient.user : recipient.visitor
}

/** Tells a name that somebody can sign in with: text that PostgreSQL can keep, and no visitor's. */
export function isUserName(name: unknown): name is string {
  if (typeof name !== 'string' || name.length < 1 || name.length > 100) return false
  return !/[\0\p{Surrogate}]/u.test(name) && !visitorId.test(name)
}
