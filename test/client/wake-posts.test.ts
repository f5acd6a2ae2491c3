import { expect, test } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { createFakePage } from './fake-page-platform.ts'
import { start } from './start-client.ts'

const request = { pushwell: 1, kind: 'posts' }

/** A page whose worker has requests left or not, and what it says to the worker. */
async function load(hasPosts: boolean) {
  const page = createFakePage()
  const { scope } = page.worker
  const said: unknown[] = []
  const postMessage = (message: { kind: string }) => {
    if (message.kind !== 'version') said.push(message)
  }
  Object.assign(page.worker.active ?? {}, { postMessage })
  const click = { key: 'k1', scope, at: 0, action: 'like', url: scope }
  const post = { key: 'k1', click, url: `${scope}like`, body: '{}' }
  await createDatabaseConnection().use(async (open) => {
    const { store } = open.transaction('posts', 'readwrite')
    await (hasPosts ? store.put(post) : store.clear())
  })
  const { push } = start(page)
  await push.prepare()
  return { page, said }
}

test('a page has its worker make the requests that are left, and again when the network is back', async () => {
  const { page, said } = await load(true)
  expect(said).toEqual([request])
  page.events.dispatchEvent(new Event('online'))
  await expect.poll(() => said).toEqual([request, request])
})

test('a page leaves its worker alone when none are left', async () => {
  expect((await load(false)).said).toEqual([])
})
