import { typeError } from '../shared/errors.ts'
import { problemResponse } from './problem-response.ts'
import type { Authorized, SubscriptionHandlerOptions } from './subscription-handler-options.ts'

/**
 * Says who sends a request; or gives what it is answered, when that is nobody who may.
 *
 * @throws TypeError when `authorize` names somebody by what is no text: a number would be another
 * user to one database and the same to the next.
 */
export async function authorizeRequest(
  request: Request,
  { authorize }: Pick<SubscriptionHandlerOptions, 'authorize'>,
): Promise<Authorized | Response> {
  const who = (await authorize(request)) ?? problemResponse(401, 'unauthorized')
  if (!isAuthorized(who) || who.recipient === null || typeof who.recipient === 'string') return who
  throw typeError('invalid-argument', 'recipient, as authorize gives it, must be a text or null.')
}

/** Not `instanceof Response`: servers for Node put one of their own in the place of the global. */
export function isAuthorized(who: object): who is Authorized {
  return 'recipient' in who
}
