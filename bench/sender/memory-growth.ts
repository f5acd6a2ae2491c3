import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { BenchVapid } from './contender.ts'
import { deliverers, trust } from './deliverers.ts'
import { deliveriesInFlight } from './delivering.ts'
import { inTurn } from './in-turn.ts'
import { createBenchBrowser } from './subscriptions.ts'
import type { TlsService } from './tls-service.ts'

/** What the process of one side is told. */
interface Task {
  readonly vapid: BenchVapid
  readonly url: string
  readonly certificate: string
  readonly name: string
  readonly sends: number
}

/** Code is compiled, and heaps get their size: after some ten thousand messages they have it. */
const warmUps = 20_000

const subscriptionCount = 1000

/**
 * Tells by how many MiB the resident memory of a process grows while a sender sends so many
 * messages, each in a process of its own.
 */
export async function memoryGrowth(
  vapid: BenchVapid,
  { url, certificate }: TlsService,
  { name, sends }: Pick<Task, 'name' | 'sends'>,
): Promise<number> {
  const child = fork(import.meta.filename, { env: { PUSHWELL_BENCH_SIDE: 'memory' } })
  child.send({ vapid, url, certificate, name, sends } satisfies Task)
  const [growth] = (await once(child, 'message')) as [number]
  if (child.exitCode === null) await once(child, 'exit')
  return growth
}

async function measure({ vapid, url, certificate, name, sends }: Task): Promise<number> {
  trust(certificate)
  const deliverer = deliverers(vapid).find((one) => one.name === name)
  if (!deliverer) throw new Error(`There is no ${name}.`)
  const text = 'x'.repeat(200)
  const subscriptions = Array.from(
    { length: subscriptionCount },
    (_, index) => createBenchBrowser(index, url).subscription,
  )
  const send = async (count: number): Promise<void> => {
    const all = Array.from(
      { length: count },
      (_, index) => subscriptions[index % subscriptionCount],
    )
    await inTurn(all, deliveriesInFlight, async (subscription) => {
      if (subscription) await deliverer.deliver(subscription, text)
    })
  }
  await send(warmUps)
  const before = residentMiB()
  for (let left = sends; left > 0; left -= 1000) await send(Math.min(left, 1000))
  return residentMiB() - before
}

function residentMiB(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage.rss() / 2 ** 20
}

if (process.env['PUSHWELL_BENCH_SIDE'] === 'memory') {
  process.once('message', (task: Task) => {
    measure(task).then(
      (growth) => process.send?.(growth, () => process.exit()),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
}
