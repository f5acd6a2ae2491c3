import type { BenchSubscription, Contender } from './contender.ts'
import { inTurn } from './in-turn.ts'
import { readMessage } from './read-message.ts'
import { playRounds, type Times, timesOf } from './rounds.ts'
import { createBenchBrowser } from './subscriptions.ts'

/** Messages a round and contender. */
const messagesPerRound = 100

/** Each contender has sent to all of them before it is timed. */
const knownBrowsers = messagesPerRound

/** Tells in which encoding each contender's messages are, all of them read with `http_ece`. */
export async function readAll(
  contenders: readonly Contender[],
): Promise<ReadonlyMap<string, string>> {
  const encodings = new Map<string, string>()
  for (const { name, make } of contenders) {
    for (const text of ['Grüße', 'x'.repeat(200), 'x'.repeat(3000)]) {
      const browser = createBenchBrowser(0)
      const read = readMessage(await make(browser.subscription, text), browser)
      // Two of them send whatever they are given as JSON.
      if (read.text !== text && read.text !== JSON.stringify(text)) {
        throw new Error(`What ${name} sent was read as something else.`)
      }
      encodings.set(name, read.encoding)
    }
  }
  return encodings
}

/**
 * Times how contenders make requests with a text of so many octets.
 *
 * @param isKnown - Whether they have seen the subscriptions before, or each message is for a new
 * one.
 */
export function timeMaking(
  contenders: readonly Contender[],
  {
    octets,
    rounds,
    isKnown,
  }: { readonly octets: number; readonly rounds: number; readonly isKnown: boolean },
): Promise<ReadonlyMap<string, readonly Times[]>> {
  const text = 'x'.repeat(octets)
  const known = Array.from({ length: knownBrowsers }, (_, index) => subscriptionOf(index))
  return playRounds(
    contenders.map(({ name, inFlight, make }) => ({
      name,
      run: () => {
        const subscriptions = isKnown
          ? known
          : Array.from({ length: messagesPerRound }, (_, index) => subscriptionOf(index))
        return timesOf(() =>
          inTurn(subscriptions, inFlight, async (subscription) => {
            await make(subscription, text)
          }),
        )
      },
    })),
    rounds,
  )
}

function subscriptionOf(index: number): BenchSubscription {
  return createBenchBrowser(index).subscription
}
