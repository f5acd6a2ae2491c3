import { expect, test, vi } from 'vitest'
import { vapidKeyPairs } from '../../examples/server/vapid-key-pairs.ts'
import { startPostgresServer } from '../postgres/start-postgres-server.ts'
import { startPushSink } from '../prove/push-sink.ts'
import { startWorkerProcesses } from '../prove/worker-processes.ts'
import { addSubscriptions, createdCampaign, openCampaignWorld } from './campaign-world.ts'

test('workers that are asked to end leave nothing that is sent twice', async () => {
  await using stack = new AsyncDisposableStack()
  const server = stack.use(await startPostgresServer())
  const sink = stack.use(await startPushSink(() => 201, 200))
  const world = await openCampaignWorld(stack, server.url)
  const [{ publicKey }] = await vapidKeyPairs(world.database, {})
  await addSubscriptions(world.database, `${sink.origin}/`, publicKey, { count: 800 })
  const workers = stack.use(
    startWorkerProcesses({
      DATABASE_URL: server.url,
      PUSH_SERVICES: sink.origin,
      BATCH_SIZE: '100',
    }),
  )
  await workers.fill(2)
  await createdCampaign(world)
  const soon = { timeout: 60_000, interval: 50 }
  await vi.waitUntil(() => sink.received.size > 200, soon)
  await workers.stop('SIGTERM')
  expect(sink.received.size).toBeLessThan(800)
  await workers.fill(1)
  await vi.waitUntil(async () => {
    const done = `SELECT FROM campaigns WHERE state = 'done'`
    return (await world.database.query(done)).length > 0
  }, soon)
  expect([...sink.received.values()].map(({ count }) => count)).toEqual(Array(800).fill(1))
}, 600_000)
