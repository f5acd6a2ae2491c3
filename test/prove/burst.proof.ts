import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import type { BrowserEngine } from '../../src/testing/index.ts'
import { startWorld, subscribe } from '../browser/world.ts'

/** How many messages are under way to the push service at a time. */
const concurrency = 16

/**
 * Sends `count` messages to one subscription of each engine, as fast as the service takes them:
 * each must come to the desktop exactly once. Then a tenth as many, each of which the service
 * delivers twice, as its record must show.
 */
export const burst: Proof = { count: 500, browsers: ['firefox', 'chromium'], run }

async function run({ count }: ProofOptions): Promise<ProofFigures> {
  let failures = 0
  const figures: Record<string, number> = {}
  for (const engine of ['firefox', 'chromium'] as const) {
    const { lost, repeated, milliseconds, doubles, unrecorded } = await burstOf(engine, count)
    failures += lost + repeated + unrecorded
    Object.assign(figures, {
      [`${engine}Lost`]: lost,
      [`${engine}Repeated`]: repeated,
      [`${engine}Milliseconds`]: milliseconds,
      [`${engine}Doubles`]: doubles,
      [`${engine}DoublesUnrecorded`]: unrecorded,
    })
  }
  return { failures, ...figures }
}

async function burstOf(engine: BrowserEngine, count: number) {
  await using world = await startWorld(engine)
  const { sender, desktop, service } = world
  const { subscription } = await subscribe(world)
  const sendAll = async (titles: readonly string[]) => {
    const queue = [...titles]
    const sendNext = async () => {
      for (let title = queue.shift(); title !== undefined; title = queue.shift()) {
        const outcome = await sender.send(subscription, { type: 'text', data: { title } })
        if (outcome.status !== 'accepted') throw new Error(`A message was ${outcome.status}.`)
      }
    }
    await Promise.all(Array.from({ length: concurrency }, sendNext))
  }
  const shown = (title: string) => desktop.history.filter((one) => one.title === title).length

  const start = performance.now()
  const titles = Array.from({ length: count }, (_, index) => `Burst ${index}`)
  await sendAll(titles)
  const wanted = new Set(titles)
  await desktop.waitFor(({ title }) => wanted.delete(title) && wanted.size === 0, {
    timeoutMs: 120_000,
  })
  const milliseconds = Math.round(performance.now() - start)
  await sendAll(['End of the burst'])
  await desktop.waitFor(({ title }) => title === 'End of the burst')

  const doubles = Array.from({ length: Math.ceil(count / 10) }, (_, index) => `Double ${index}`)
  service.duplicate({ count: doubles.length })
  const before = service.messages.length
  await sendAll(doubles)
  await service.waitFor(
    () => service.messages.slice(before).every(({ status }) => status === 'acknowledged'),
    { timeoutMs: 60_000 },
  )
  const recorded = service.messages.slice(before).filter(({ deliveries }) => deliveries === 2)
  return {
    lost: titles.filter((title) => shown(title) === 0).length,
    repeated: titles.filter((title) => shown(title) > 1).length,
    milliseconds,
    doubles: doubles.length,
    unrecorded: doubles.length - recorded.length,
  }
}
