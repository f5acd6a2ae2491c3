import { type PutSubscriptionRequest, subscriptionId } from '../../src/shared/protocol.ts'

/**
 * Says in words what a request of the sync protocol is about and who sent it, so that two of one
 * method can be told apart. Endpoints appear as the first digits of their digests.
 */
export async function describeRequest(request: Request): Promise<string> {
  const { method, url, headers } = request
  const sender = headers.get('referer')?.endsWith('.js') ? 'worker' : 'page'
  if (method !== 'PUT') return `${method} by the ${sender} of ${short(url.split('/').at(-1))}`
  const body = (await request.json()) as PutSubscriptionRequest
  const { subscription, replaces, signedOut, tags } = body
  const of = short(await subscriptionId(subscription.endpoint))
  const old = replaces === undefined ? 'nothing' : short(await subscriptionId(replaces))
  return `PUT by the ${sender} of ${of} for ${old} with ${JSON.stringify({ signedOut, tags })}`
}

function short(digest = ''): string {
  return digest.slice(0, 6)
}
