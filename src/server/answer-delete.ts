import { authorizeRequest, isAuthorized } from './authorize-request.ts'
import { checkDeleteRequest } from './delete-request.ts'
import { noContent } from './no-content.ts'
import { readJsonBody, refusalOf } from './read-json-body.ts'
import { stored } from './store-failure.ts'
import type { SubscriptionHandlerOptions } from './subscription-handler-options.ts'

/**
 * Answers `DELETE /subscriptions/{id}`: to whoever names the whole endpoint, else to who is signed
 * in.
 */
export async function answerDelete(
  request: Request,
  id: string,
  options: SubscriptionHandlerOptions,
): Promise<Response> {
  const { store } = options
  // A request that names no type has no body that we take. It stays unread, because what `authorize`
  // is made with may not take a request without it.
  const typed = request.headers.has('Content-Type')
  const body = typed ? await readJsonBody(request) : { value: undefined }
  if (!('value' in body)) return body
  if (body.value !== undefined) {
    const refusal = await checkDeleteRequest(body.value, id).catch(refusalOf)
    if (refusal) return refusal
    await stored(() => store.remove(id))
    return noContent()
  }
  const who = await authorizeRequest(request, options)
  if (!isAuthorized(who)) return who
  await stored(() => store.remove(id, { recipient: who.recipient }))
  return noContent()
}
