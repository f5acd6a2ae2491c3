import { createPushSender as createPortable, type PushRequest } from '../../src/server/index.ts'
import { createPushSender as createForNode } from '../../src/server-node/index.ts'
import type { BenchVapid, Contender } from './contender.ts'

const senders = [
  { name: 'pushwell, Node', inFlight: 64, create: createForNode },
  { name: 'pushwell, WebCrypto', inFlight: 64, create: createPortable },
]

/**
 * Pushwell's senders with everything that `send` does, checks, stamp and outcome included: only the
 * request goes nowhere. The text is the payload, as the others are given it.
 */
export function ownContenders(vapid: BenchVapid): Contender[] {
  return senders.map(({ name, inFlight, create }) => {
    const made = new Map<string, PushRequest>()
    const sender = create({
      vapid,
      transport: async (request) => {
        made.set(request.endpoint, request)
        return { httpStatus: 201, header: () => null, body: '' }
      },
    })
    return {
      name,
      inFlight,
      async make(subscription, text) {
        const outcome = await sender.send(subscription, { payload: text }, { ttl: 60 })
        const request = made.get(subscription.endpoint)
        if (outcome.status !== 'accepted' || !request?.body) throw new Error('Nothing was sent.')
        made.delete(subscription.endpoint)
        return { headers: request.headers, body: request.body }
      },
    }
  })
}
