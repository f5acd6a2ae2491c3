import { expect, test } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { createFakePage } from './fake-page-platform.ts'
import { start } from './start-client.ts'

/** A page whose worker has something left or not, and what it says to the worker. */
async function load(...kinds: ReadonlyArray<'posts' | 'receipts'>) {
  const page = createFakePage()
  const { scope } = page.worker
  const said: unknown[] = []
  const postMessage = (message: { kind: string }) => {
    if (message.kind !== 'version') said.push(message)
  }
  Object.assign(page.worker.active ?? {}, { postMessage })
  const click = { key: 'k1', scope, at: 0, action: 'like', url: scope }
  const receipt = { scope, id: 'm1', event: 'shown', at: 1, owner: '' } as const
  const post = { key: 'k1', click, url: `${scope}like`, body: '{}' }
  await createDatabaseConnection().use(async (open) => {
    const transaction = open.transaction(['posts', 'receipts'], 'readwrite')
    const store = transaction.objectStore('posts')
    await (kinds.includes('posts') ? store.put(post) : store.clear())
    const others = transaction.objectStore('receipts')
    await (kinds.includes('receipts') ? others.put(receipt) : others.clear())
  })
  const { push } = start(page)
  await push.prepare()
  return { page, said }
}

test.each(['posts', 'receipts'] as const)(
  'a page has its worker send the %s that are left, and again when the network is back',
  async (kind) => {
    const { page, said } = await load(kind)
    expect(said).toEqual([{ pushwell: 1, kind }])
    page.events.dispatchEvent(new Event('online'))
    await expect
      .poll(() => said)
      .toEqual([
        { pushwell: 1, kind },
        { pushwell: 1, kind },
      ])
  },
)

test('a page leaves its worker alone when none are left', async () => {
  expect((await load()).said).toEqual([])
})
