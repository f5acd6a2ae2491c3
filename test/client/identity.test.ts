import { describe, expect, test } from 'vitest'
import { createModelBackend } from '../shared/model-backend.ts'
import { createFakePage, type FakePage } from './fake-page-platform.ts'
import { endpoint, enabledBefore, start } from './start-client.ts'

/** The same browser with its network down, and up again. */
function network(page: FakePage) {
  const { respond } = page
  return {
    down: () => (page.respond = () => Promise.reject(new TypeError('offline'))),
    up: () => {
      page.respond = respond
      page.requests.length = 0
    },
  }
}

const bodies = (page: FakePage) => page.requests.map(({ body }) => body)

describe('identify', () => {
  test('tells the backend once, whatever is called how often', async () => {
    const { page, push } = await enabledBefore()
    await push.prepare()
    expect(await push.identify('ann', { tags: ['news'] })).toEqual({
      status: 'subscribed',
      sync: 'synced',
    })
    await push.identify('ann')
    await push.identify('ann', { tags: ['news'] })
    const next = start(page).push
    await next.prepare()
    await next.identify('ann')
    expect(bodies(page)).toMatchObject([
      { subscription: { endpoint: endpoint('1') }, tags: ['news'] },
    ])
    expect(JSON.stringify(page.requests)).not.toContain('ann')
  })

  test('before enable() asks nobody and tells nobody, and counts from then on', async () => {
    const { page, push } = start()
    expect(await push.identify('ann', { tags: ['news'] })).toEqual({ status: 'prompt' })
    expect(page.asked).toBe(0)
    expect(page.requests).toEqual([])
    await push.enable()
    expect(bodies(page)).toMatchObject([{ tags: ['news'] }])
  })

  test('tells the backend again when another user signs in, without the first one’s tags', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann', { tags: ['news'] })
    await push.identify('bob')
    expect(bodies(page)).toMatchObject([{ tags: ['news'] }, { tags: [] }])
    await push.identify('cid', { tags: ['sport'] })
    expect(bodies(page).at(-1)).toMatchObject({ tags: ['sport'] })
  })

  test('takes tags that were set before anybody signed in for those of the first who does', async () => {
    const { page, push } = await enabledBefore()
    await push.setTags({ add: ['news'] })
    await push.identify('ann')
    expect(bodies(page).at(-1)?.tags).toEqual(['news'])
  })
})

describe('forget', () => {
  test('tells the backend that nobody is signed in, whatever cookies say', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann', { tags: ['news'] })
    await push.forget()
    expect(bodies(page).at(-1)).toMatchObject({ signedOut: true, tags: [] })
    await push.identify('ann')
    expect(bodies(page).at(-1)).not.toHaveProperty('signedOut')
    expect(bodies(page).at(-1)?.tags).toEqual([])
  })

  test('offline reaches the backend at the next load', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann')
    const { down, up } = network(page)
    down()
    expect(await push.forget()).toMatchObject({ sync: 'pending', reason: 'backend-unreachable' })
    up()
    await start(page).push.prepare()
    expect(bodies(page)).toMatchObject([{ signedOut: true }])
  })

  test('is told as no sign-out when the next user signs in before the network is back', async () => {
    const { page, push } = await enabledBefore()
    const backend = createModelBackend()
    await push.identify('ann', { tags: ['news'] })
    const { down, up } = network(page)
    down()
    await push.forget()
    await push.identify('bob')
    up()
    page.respond = ({ body }) => {
      backend.put(body as never, 'bob')
      return Response.json({ status: 'ok' })
    }
    await start(page).push.prepare()
    expect([...backend.rows.values()]).toMatchObject([
      { endpoint: endpoint('1'), owner: 'bob', tags: [] },
    ])
    expect(page.requests).toHaveLength(1)
  })

  test('that reached the backend without its answer does not hide who signs in again', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann')
    const backend = createModelBackend()
    let isAnswerLost = true
    page.respond = ({ body }) => {
      backend.put(body as never, 'ann')
      if (isAnswerLost) return Promise.reject(new TypeError('cut'))
      return Response.json({ status: 'ok' })
    }
    await push.forget()
    expect(backend.rows.get(endpoint('1'))?.owner).toBeNull()
    isAnswerLost = false
    await push.identify('ann')
    expect(backend.rows.get(endpoint('1'))?.owner).toBe('ann')
  })
})

describe('setTags', () => {
  test('adds and removes, and tells the backend the outcome', async () => {
    const { page, push } = await enabledBefore()
    await push.setTags({ add: ['a', 'b', 'c'] })
    await push.setTags({ add: ['d', 'a'], remove: ['b'] })
    expect(bodies(page).map((body) => body?.tags)).toEqual([
      ['a', 'b', 'c'],
      ['a', 'c', 'd'],
    ])
  })

  test('tells nothing that changes nothing; a tag that is in both goes', async () => {
    const { page, push } = await enabledBefore()
    await push.setTags({ add: ['a'] })
    await push.setTags({ add: ['a', 'b'], remove: ['b', 'c'] })
    await push.setTags({})
    expect(page.requests).toHaveLength(1)
  })

  test('offline and often is one request', async () => {
    const { page, push } = await enabledBefore()
    const { down, up } = network(page)
    down()
    for (const tag of ['a', 'b', 'c']) await push.setTags({ add: [tag] })
    await push.setTags({ remove: ['b'] })
    up()
    await start(page).push.prepare()
    expect(bodies(page).map((body) => body?.tags)).toEqual([['a', 'c']])
  })

  test('from two tabs at once loses none', async () => {
    const { page, push } = await enabledBefore()
    const other = start(page).push
    await Promise.all([push.setTags({ add: ['a'] }), other.setTags({ add: ['b'] })])
    expect(bodies(page).at(-1)?.tags?.toSorted()).toEqual(['a', 'b'])
  })
})

describe('a backend that takes no credentials', () => {
  const refuses = (page: FakePage) => (page.respond = () => new Response('', { status: 401 }))

  test('is left alone until the next identify(), which is told at once', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann')
    const { up } = network(page)
    refuses(page)
    expect(await push.setTags({ add: ['a'] })).toEqual({
      status: 'subscribed',
      sync: 'pending',
      reason: 'backend-unauthorized',
    })
    up()
    const next = start(page).push
    page.now += 3_600_000
    await next.prepare()
    await next.setTags({ add: ['b'] })
    expect(page.requests).toEqual([])
    expect(await next.identify('ann')).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(bodies(page).map((body) => body?.tags)).toEqual([['a', 'b']])
  })

  test('is told of a sign-out all the same', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann')
    const { up } = network(page)
    refuses(page)
    await push.setTags({ add: ['a'] })
    up()
    await push.forget()
    expect(bodies(page)).toMatchObject([{ signedOut: true }])
  })

  test('is told of disable() all the same: that needs none', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann')
    const { up } = network(page)
    refuses(page)
    await push.setTags({ add: ['a'] })
    up()
    await push.disable()
    expect(page.requests).toMatchObject([{ method: 'DELETE' }])
  })
})

test('where pushes cannot be, nothing is remembered and nothing fails', async () => {
  const page = createFakePage()
  page.platform.isSecureContext = false
  const { push } = start(page)
  expect(await push.identify('ann')).toMatchObject({ status: 'unsupported' })
  expect(await push.forget()).toMatchObject({ status: 'unsupported' })
  expect(await push.setTags({ add: ['a'] })).toMatchObject({ status: 'unsupported' })
  expect(page.registered).toEqual([])
})
