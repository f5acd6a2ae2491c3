import 'fake-indexeddb/auto'
import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRegistrationRecords } from '../../src/shared/registration-records.ts'
import { createPushWorker } from '../../sw/index.ts'
import { createFakeWorkerScope, fakeSubscription } from './fake-worker-scope.ts'

interface Received {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly token: string | undefined
  readonly body: { subscription: { endpoint: string }; replaces?: string }
}

let status = 200
const received: Received[] = []
const backend = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    const { method, url: path, headers } = request
    const parsed = JSON.parse(body || '{}') as Received['body']
    received.push({ method, path, token: headers.authorization, body: parsed })
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"status":"ok"}')
  })
})

const records = createRegistrationRecords()
const record = {
  scope: 'https://app.example/',
  enabled: true,
  applicationServerKey: 'key',
  mayHold: ['https://push.example/old'],
}

beforeEach(async () => {
  status = 200
  received.length = 0
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve))
  const address = backend.address()
  const port = typeof address === 'object' ? address?.port : 0
  await records.put({ ...record, syncUrl: `http://127.0.0.1:${port}/push` })
})
afterEach(() => new Promise((resolve) => backend.close(resolve)))

describe('a changed subscription', () => {
  test('is made again with the stored key and put in the backend in the old one’s place', async () => {
    const scope = createFakeWorkerScope()
    createPushWorker({ headers: () => ({ authorization: 'Bearer t' }) }, scope)
    await scope.changeSubscription(fakeSubscription('old'))
    expect(received).toMatchObject([
      {
        method: 'PUT',
        path: '/push/subscriptions',
        token: 'Bearer t',
        body: {
          subscription: { endpoint: 'https://push.example/new-key' },
          replaces: 'https://push.example/old',
        },
      },
    ])
    expect((await records.get(record.scope))?.mayHold).toEqual(['https://push.example/new-key'])
  })

  test('needs nothing from the event: Chromium’s carries no subscription', async () => {
    const scope = createFakeWorkerScope()
    createPushWorker({}, scope)
    await scope.changeSubscription()
    expect(received[0]?.body.replaces).toBe('https://push.example/old')
  })

  test('is remembered until the backend acknowledges it', async () => {
    status = 503
    const scope = createFakeWorkerScope()
    createPushWorker({}, scope)
    await scope.changeSubscription()
    expect((await records.get(record.scope))?.mayHold).toEqual([
      'https://push.example/old',
      'https://push.example/new-key',
    ])
  })

  test('is left alone when the user had turned pushes off', async () => {
    await records.put({ ...record, enabled: false })
    const scope = createFakeWorkerScope()
    createPushWorker({}, scope)
    await scope.changeSubscription(fakeSubscription('old'))
    expect(scope.subscription).toBeNull()
    expect(received).toEqual([])
  })
})
