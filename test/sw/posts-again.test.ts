import { afterEach, describe, expect, test, vi } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { PostsOptions } from '../../sw/index.ts'
import { createPostLog } from '../../sw/post-log.ts'
import { breakDatabase, ours, present, pushOne, readRecord, titles } from './load-push-worker.ts'
import { type Answer, loadPostsWorker, waiting } from './posts-worker.ts'

describe('a request that fails', () => {
  test.each<[string, Answer]>([
    ['the network is gone', 'cut'],
    ['the backend answers 500', 500],
    ['the backend answers 429', 429],
  ])('because %s is kept, and made again at a background sync under its key', async (_, answer) => {
    const { worker, posted, click } = await loadPostsWorker({ answers: [answer] })
    await using _worker = worker
    await click()
    expect(await waiting()).toHaveLength(1)
    expect(titles(worker)).toEqual([])
    expect(worker.syncTags).toEqual(['pushwell-posts'])
    await worker.restart()
    expect(await worker.sync('pushwell-posts')).not.toHaveProperty('failed')
    expect(posted).toHaveLength(2)
    expect(posted[1]).toEqual(posted[0])
    expect(await waiting()).toEqual([])
  })

  test('has the browser try again when it fails once more', async () => {
    const { worker, click } = await loadPostsWorker({ answers: [500, 500] })
    await using _ = worker
    await click()
    const { failed: error } = await worker.sync('pushwell-posts')
    expect(error).toMatchObject({ code: 'backend-unreachable' })
  })

  test('is made again with the next click, which has none itself, once its pause is over', async () => {
    const { worker, posted, click } = await loadPostsWorker({ engine: 'firefox', answers: [500] })
    await using _ = worker
    await click()
    const shown = await pushOne(worker, ours('any', {}, { id: 'other' }))
    const log = createPostLog(createDatabaseConnection())
    const post = present((await waiting())[0])
    await log.put({ ...post, retry: { ...present(post.retry), nextTry: Date.now() } })
    await worker.click(shown)
    expect(posted).toHaveLength(2)
    expect(await waiting()).toEqual([])
  })

  test('is made again with the next request', async () => {
    const { worker, posted, click } = await loadPostsWorker({ engine: 'firefox', answers: ['cut'] })
    await using _ = worker
    await click()
    await click()
    expect(posted).toHaveLength(3)
    expect(new Set(posted.map(({ key }) => key)).size).toBe(2)
    expect(await waiting()).toEqual([])
  })

  test('is made again when a page asks', async () => {
    const { worker, posted, click } = await loadPostsWorker({ engine: 'firefox', answers: [500] })
    await using _ = worker
    await click()
    await worker.message({ pushwell: 1, kind: 'posts' })
    expect(posted).toHaveLength(2)
  })

  test('waits for as long as the backend asks', async () => {
    const answer = () => new Response(null, { status: 503, headers: { 'retry-after': '60' } })
    const { worker, posted, click } = await loadPostsWorker({
      engine: 'firefox',
      answers: [answer],
    })
    await using _ = worker
    await click()
    await worker.message({ pushwell: 1, kind: 'posts' })
    expect(posted).toHaveLength(1)
  })

  test.each([400, 401, 403, 404, 409, 410])(
    'with %d is not made again, and the user is told',
    async (status) => {
      const { worker, posted, click } = await loadPostsWorker({ answers: [status] })
      await using _ = worker
      await click()
      await worker.message({ pushwell: 1, kind: 'posts' })
      expect(posted).toHaveLength(1)
      expect(titles(worker)).toEqual(['Not sent'])
      expect(await waiting()).toEqual([])
      expect((await readRecord())?.failures).toHaveLength(1)
    },
  )

  test('is given up after its time, and the user is told of what', async () => {
    const options: Partial<PostsOptions> = {
      giveUpAfterMs: 0,
      failed: ({ type, action, data }) => ({ title: `${type} ${action} ${JSON.stringify(data)}` }),
    }
    const { worker, click } = await loadPostsWorker({ options, answers: [500] })
    await using _ = worker
    await click()
    expect(titles(worker)).toEqual(['any like {"n":1}'])
    expect(await waiting()).toEqual([])
  })

  test.each<[string, PostsOptions['failed']]>([
    [
      'fails',
      () => {
        throw new Error('broken')
      },
    ],
    ['gives none', () => ({}) as { title: string }],
  ])('is given up also where what describes its notification %s', async (_, describing) => {
    const { worker, posted, click } = await loadPostsWorker({
      options: { failed: describing },
      answers: [400],
    })
    await using _worker = worker
    await click()
    await worker.message({ pushwell: 1, kind: 'posts' })
    expect(posted).toHaveLength(1)
    expect(titles(worker)).toEqual(['app.example'])
  })
})

test('without a database a request is made at once, and told of when it fails', async () => {
  const { worker, posted, click } = await loadPostsWorker({ answers: [204, 500] })
  await using _ = worker
  breakDatabase()
  await click()
  expect(titles(worker)).toEqual([])
  await click()
  expect(posted).toHaveLength(2)
  expect(titles(worker)).toEqual(['Not sent'])
})

describe('where the database has become full or read-only', () => {
  /** Has nothing be written or removed any more. */
  function refuse(method: 'put' | 'delete'): void {
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
  }
  afterEach(() => {
    vi.restoreAllMocks()
  })

  test('a request that was answered is not made again', async () => {
    const answer = () => {
      refuse('delete')
      return new Response(null, { status: 204 })
    }
    const { worker, posted, click } = await loadPostsWorker({ answers: [answer] })
    await using _ = worker
    await click()
    expect(await waiting()).toHaveLength(1)
    await worker.message({ pushwell: 1, kind: 'posts' })
    expect(posted).toHaveLength(1)
    vi.restoreAllMocks()
    await worker.message({ pushwell: 1, kind: 'posts' })
    expect(await waiting()).toEqual([])
  })

  test('one whose failure cannot be written down does not keep the others', async () => {
    const { worker, posted, click } = await loadPostsWorker({
      engine: 'firefox',
      answers: [500, 500],
    })
    await using _ = worker
    await click()
    const post = present((await waiting())[0])
    await createPostLog(createDatabaseConnection()).put({ ...post, key: 'second' })
    refuse('put')
    await worker.message({ pushwell: 1, kind: 'posts' })
    expect(posted).toHaveLength(3)
  })
})
