import { afterEach, describe, expect, test } from 'vitest'
import { startBackend } from '../../examples/server/backend.ts'

test('one address may not send without end, whatever a header says of it', async () => {
  const backend = await startBackend({
    database: 'memory:',
    port: 0,
    environment: {},
    works: false,
    rate: { burst: 3, perSecond: 0.01 },
  })
  const statuses: number[] = []
  for (const from of ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4']) {
    const headers = { 'X-Forwarded-For': from }
    statuses.push((await fetch(`${backend.url}/push/key`, { headers })).status)
  }
  await backend.close()
  expect(statuses).toEqual([200, 200, 200, 429])
}, 60_000)

describe('the token that lets into the pages about campaigns', () => {
  let stack = new AsyncDisposableStack()
  afterEach(async () => {
    await stack.disposeAsync()
    stack = new AsyncDisposableStack()
  })

  const start = async (environment: NodeJS.ProcessEnv) =>
    stack.adopt(
      await startBackend({ database: 'memory:', port: 0, environment, works: false }),
      (backend) => backend.close(),
    )

  test('is made up when the variable for it is empty, so that an empty one lets nobody in', async () => {
    const backend = await start({ ADMIN_TOKEN: '' })
    expect(backend.adminToken).toMatch(/^[\w-]{22}$/)
    for (const init of [{}, { headers: { Cookie: 'admin=' } }]) {
      expect((await fetch(`${backend.url}/metrics`, init)).status).toBe(401)
    }
    expect((await fetch(`${backend.url}/campaigns?token=`)).status).toBe(401)
  }, 60_000)

  test('is the one of the variable', async () => {
    const token = 'a'.repeat(16)
    const { url } = await start({ ADMIN_TOKEN: token })
    const headers = { Authorization: `Bearer ${token}` }
    expect((await fetch(`${url}/metrics`, { headers })).status).toBe(200)
  }, 60_000)

  test('is refused when it is short', async () => {
    await expect(start({ ADMIN_TOKEN: 'a'.repeat(15) })).rejects.toThrow('ADMIN_TOKEN must')
  })
})
