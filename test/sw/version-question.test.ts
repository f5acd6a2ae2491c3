import { once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { version } from '../../src/shared/version.ts'
import { createPushWorker } from '../../sw/index.ts'
import { loadPushWorker } from './load-push-worker.ts'

const load = () => loadPushWorker((scope) => createPushWorker({}, scope))

test('a page is told the version of the worker on the port that it sent', async () => {
  await using worker = await load()
  const { port1, port2 } = new MessageChannel()
  const answer = once(port2, 'message')
  await worker.message({ pushwell: 1, kind: 'version' }, { ports: [port1] })
  expect(await answer).toEqual([{ version }])
  port2.close()
})

test.each([[null], ['version'], [{ kind: 'version' }], [{ pushwell: 1, kind: 'other' }]])(
  'the message %j is left to others',
  async (data) => {
    await using worker = await load()
    const { port1, port2 } = new MessageChannel()
    const answers: unknown[] = []
    port2.on('message', (message) => answers.push(message))
    await worker.message(data, { ports: [port1] })
    const last = once(port2, 'message')
    port1.postMessage('last')
    await last
    expect(answers).toEqual(['last'])
    expect(worker.errors).toEqual([])
    port2.close()
  },
)

test('a question without a port fails nothing', async () => {
  await using worker = await load()
  expect(await worker.message({ pushwell: 1, kind: 'version' })).not.toHaveProperty('failed')
})

test('a page is told how the worker fares', async () => {
  await using worker = await load()
  const { port1, port2 } = new MessageChannel()
  const answer = once(port2, 'message')
  await worker.message({ pushwell: 1, kind: 'report' }, { ports: [port1] })
  expect(await answer).toEqual([{ storage: 'persistent', failures: [], pushFailures: [] }])
  port2.close()
})
