import type {
  PushRequest,
  PushResponse,
  PushSender,
  PushSenderOptions,
  PushSubscriptionData,
  SendResult,
  SendTarget,
} from '../../src/server/index.ts'
import { type senders, vapid } from './both-senders.ts'
import { createFakeBrowser } from './fake-browser.ts'

export const message = { notification: { title: 'To all' } }
export const created: PushResponse = { httpStatus: 201, header: () => null, body: '' }

export function answer(
  httpStatus: number,
  headers: Readonly<Record<string, string>> = {},
): PushResponse {
  return { httpStatus, header: (name) => headers[name] ?? null, body: '' }
}

export function subscriptionAt(index: number): PushSubscriptionData {
  return createFakeBrowser(`https://push.example.net/p/${index}`).subscription
}

/** The index that `subscriptionAt` was given. */
export function indexOf({ endpoint }: { readonly endpoint: string }): number {
  return Number(endpoint.split('/').at(-1))
}

export async function collect<Target extends SendTarget>(
  results: AsyncIterable<SendResult<Target>>,
): Promise<SendResult<Target>[]> {
  const all: SendResult<Target>[] = []
  for await (const result of results) all.push(result)
  return all
}

/** A sender, and the push service that its transport leads to. */
export interface SendAllWorld {
  /** All that has arrived, in order. */
  readonly requests: PushRequest[]
  /** How the next requests are answered; 201 at first. */
  respond: (request: PushRequest) => PushResponse | Promise<PushResponse>
  createSender(options?: Partial<PushSenderOptions>): PushSender
}

export function createSendAllWorld(createPushSender: (typeof senders)[number][1]): SendAllWorld {
  const world: SendAllWorld = {
    requests: [],
    respond: () => created,
    createSender(options = {}) {
      const transport = async (request: PushRequest): Promise<PushResponse> => {
        world.requests.push(request)
        return world.respond(request)
      }
      return createPushSender({ vapid, transport, ...options })
    },
  }
  return world
}
