import { describe, expect, test, vi } from 'vitest'
import { type NotificationAction, posts, type WorkerPart } from '../../sw/index.ts'
import { home, titles } from './load-push-worker.ts'
import { failed, loadPostsWorker, waiting } from './posts-worker.ts'

describe('a button with a request', () => {
  test('makes it once, with a key and the backend’s headers, and opens nothing', async () => {
    const { worker, posted, click } = await loadPostsWorker({ windows: [{ url: '/' }] })
    await using _ = worker
    const { opened, focused, closed } = await click()
    expect({ opened, focused, closed }).toEqual({ opened: [], focused: [], closed: true })
    expect(posted).toEqual([
      {
        method: 'POST',
        url: `${home}like`,
        key: expect.stringMatching(/^"[\w-]{36}"$/),
        token: 'Bearer t',
        credentials: 'same-origin',
        body: { order: 42 },
      },
    ])
    expect(await waiting()).toEqual([])
    expect(titles(worker)).toEqual([])
  })

  test('adds what the user has written', async () => {
    const { worker, posted, click } = await loadPostsWorker({ action: { type: 'text' } })
    await using _ = worker
    await click(undefined, 'Yes, é and 😀')
    expect(posted).toMatchObject([{ body: { order: 42, reply: 'Yes, é and 😀' } }])
  })

  test('may lead somewhere as well', async () => {
    const { worker, posted, click } = await loadPostsWorker({ action: { navigate: '/liked' } })
    await using _ = worker
    expect((await click()).opened).toEqual([`${home}liked`])
    expect(posted).toHaveLength(1)
  })

  test('leads where the notification does in a worker without the part', async () => {
    const { worker, posted, click } = await loadPostsWorker({ hasPart: false })
    await using _ = worker
    expect((await click()).opened).toEqual([`${home}orders/42`])
    expect(posted).toEqual([])
  })

  test('sends no headers of the backend’s to another origin, but its own', async () => {
    const url = 'https://partner.example/like'
    const plain = await loadPostsWorker({ post: { url } })
    await plain.click()
    await plain.worker.dispose()
    const headers = (asked: string) => ({ authorization: `For ${asked}` })
    const own = await loadPostsWorker({ post: { url }, options: { headers } })
    await own.click()
    await own.worker.dispose()
    expect(plain.posted).toMatchObject([{ url, token: null, body: {} }])
    expect(own.posted).toMatchObject([{ url, token: `For ${url}` }])
  })

  test.each(['https://evil.example/', 'javascript:alert(1)', 'https://user:secret@app.example/'])(
    'never asks %s, and says so',
    async (url) => {
      const { worker, posted, click } = await loadPostsWorker({ post: { url } })
      await using _ = worker
      await click()
      expect(posted).toEqual([])
      expect(titles(worker)).toEqual(['Not sent'])
    },
  )

  test('says so where its body is no JSON', async () => {
    const { worker, posted, click } = await loadPostsWorker({
      post: { url: '/like', body: { n: 1n } },
    })
    await using _ = worker
    await click()
    expect(posted).toEqual([])
    expect(titles(worker)).toEqual(['Not sent'])
  })
})

test('a route that never ends keeps neither the request nor the other parts', async () => {
  const clicked = vi.fn<NonNullable<WorkerPart['clicked']>>()
  const onClick = () => new Promise(() => undefined)
  const parts = [{ name: 'other', clicked }]
  const { worker, posted, click } = await loadPostsWorker({ onClick, parts, eventTimeoutMs: 1500 })
  await using _ = worker
  expect((await click()).failed).toMatchObject({ code: 'timeout' })
  expect(posted).toHaveLength(1)
  expect(clicked).toHaveBeenCalledOnce()
})

test('a background sync is asked for while the backend has not answered yet', async () => {
  let answer: ((response: Response) => void) | undefined
  const { worker, click } = await loadPostsWorker({
    answers: [() => new Promise<Response>((resolve) => (answer = resolve))],
  })
  await using _ = worker
  const clicking = click()
  await expect.poll(() => answer).toBeDefined()
  expect(worker.syncTags).toEqual(['pushwell-posts'])
  answer?.(new Response(null, { status: 204 }))
  await clicking
})

test.each<[string, object]>([
  ['giveUpAfterMs', { giveUpAfterMs: Number.NaN }],
  ['giveUpAfterMs', { giveUpAfterMs: -1 }],
  ['giveUpAfterMs', { giveUpAfterMs: '1000' }],
  ['headers', { headers: { authorization: 'Bearer t' } }],
])('a wrong %s is refused', (name, options) => {
  expect(() => posts({ failed, ...options })).toThrow(new RegExp(`^${name} must be`))
})

test('a request without a URL is not made, and the user is told', async () => {
  const post = { body: { order: 42 } } as unknown as NonNullable<NotificationAction['post']>
  const { worker, posted, click } = await loadPostsWorker({ post })
  await using _ = worker
  await click()
  expect(posted).toEqual([])
  expect(titles(worker)).toEqual(['Not sent'])
})

test('what is shown at last must be a notification', () => {
  expect(() => posts({ failed: { title: '' } })).toThrow(/^failed must be/)
})
