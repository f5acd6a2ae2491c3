import { typeError } from '../shared/errors.ts'
import { type DeleteSubscriptionRequest, subscriptionId } from '../shared/protocol.ts'

/**
 * Checks the body of `DELETE /subscriptions/{id}`, already parsed as JSON: whether it proves that
 * whoever sent it owns the subscription.
 *
 * @throws TypeError with the code `invalid-argument`.
 */
export async function checkDeleteRequest(value: unknown, id: string): Promise<void> {
  const { endpoint } = Object(value) as Partial<DeleteSubscriptionRequest>
  if (typeof endpoint === 'string' && (await subscriptionId(endpoint)) === id) return
  throw typeError('invalid-argument', 'endpoint must be the one whose SHA-256 the path names.')
}
