import { problemResponse } from './problem-response.ts'
import type { Authorized, SubscriptionHandlerOptions } from './subscription-handler-options.ts'

/** Says who sends a request; or gives what it is answered, when that is nobody who may. */
export async function authorizeRequest(
  request: Request,
  { authorize }: Pick<SubscriptionHandlerOptions, 'authorize'>,
): Promise<Authorized | Response> {
  return (await authorize(request)) ?? problemResponse(401, 'unauthorized')
}

/** Not `instanceof Response`: servers for Node put one of their own in the place of the global. */
export function isAuthorized(who: object): who is Authorized {
  return 'recipient' in who
}
