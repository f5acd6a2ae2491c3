import { deliverers, trust } from './deliverers.ts'
import { inTurn } from './in-turn.ts'
import { playRounds, type Times, timesOf } from './rounds.ts'
import { createBenchBrowser } from './subscriptions.ts'
import type { BenchVapid } from './contender.ts'
import type { TlsService } from './tls-service.ts'

const messagesPerRound = 200

/** Messages on their way at a time: as many as `sendAll` has, unless it is told otherwise. */
export const deliveriesInFlight = 100

/** Times how messages of 200 octets are sent all the way to a local service with TLS. */
export function timeDelivering(
  vapid: BenchVapid,
  { url, certificate }: TlsService,
  rounds: number,
): Promise<ReadonlyMap<string, readonly Times[]>> {
  trust(certificate)
  const text = 'x'.repeat(200)
  const subscriptions = Array.from(
    { length: messagesPerRound },
    (_, index) => createBenchBrowser(index, url).subscription,
  )
  return playRounds(
    deliverers(vapid).map(({ name, deliver }) => ({
      name,
      run: () =>
        timesOf(() =>
          inTurn(subscriptions, deliveriesInFlight, (subscription) => deliver(subscription, text)),
        ),
    })),
    rounds,
  )
}
