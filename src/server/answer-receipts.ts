import { authorizeRequest, isAuthorized } from './authorize-request.ts'
import { noContent } from './no-content.ts'
import { notJson, readJsonBody, refusalOf } from './read-json-body.ts'
import { parseReceiptsRequest } from './receipts-request.ts'
import { stored } from './store-failure.ts'
import type { SubscriptionHandlerOptions } from './subscription-handler-options.ts'

/** Answers `POST /receipts`. */
export async function answerReceipts(
  request: Request,
  onReceipts: NonNullable<SubscriptionHandlerOptions['onReceipts']>,
  options: SubscriptionHandlerOptions,
): Promise<Response> {
  const who = await authorizeRequest(request, options)
  if (!isAuthorized(who)) return who
  const body = await readJsonBody(request)
  if (!('value' in body)) return body
  if (body.value === undefined) return notJson()
  try {
    const { receipts } = parseReceiptsRequest(body.value)
    await stored(async () => onReceipts(receipts, who))
    return noContent()
  } catch (error) {
    return refusalOf(error)
  }
}
