import { afterEach, describe, expect, test, vi } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { LoadWorkerOptions } from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  type NotificationAction,
  posts,
  type PostsOptions,
  type Route,
  type WorkerPart,
} from '../../sw/index.ts'
import { createPostLog } from '../../sw/post-log.ts'
import {
  breakDatabase,
  holdDatabase,
  home,
  keepRecord,
  loadPushWorker,
  ours,
  present,
  pushOne,
  readRecord,
} from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'

/** A request as the backend got it. */
interface Posted {
  readonly method: string
  readonly url: string
  readonly key: string | null
  readonly token: string | null
  readonly credentials: string
  readonly body: unknown
}

type Answer = number | 'cut' | (() => Response | Promise<Response>)

interface Setting extends LoadWorkerOptions {
  readonly post?: NotificationAction['post']
  readonly action?: Partial<NotificationAction>
  readonly options?: Partial<PostsOptions>
  /** How the backend answers, one after the other; then 204. */
  readonly answers?: readonly Answer[]
  readonly hasPart?: boolean
  /** What the route does on a click. */
  readonly onClick?: Route<unknown>['click']
  readonly parts?: readonly WorkerPart[]
}

const failed = { title: 'Not sent' }

/** A worker whose notifications have the button `like`, and what its backend got. */
async function load({
  post = { url: '/like', body: { order: 42 } },
  action,
  options,
  answers = [],
  hasPart = true,
  onClick,
  parts = [],
  ...more
}: Setting = {}) {
  const posted: Posted[] = []
  const left = [...answers]
  const worker = await loadPushWorker(
    (scope) =>
      createPushWorker(
        {
          allowedOrigins: ['https://partner.example'],
          headers: () => ({ authorization: 'Bearer t' }),
          parts: hasPart ? [posts({ failed, ...options }), ...parts] : parts,
        },
        scope,
      ).on('any', {
        notification: () => ({
          title: 'Title',
          navigate: '/orders/42',
          actions: [{ action: 'like', title: 'Like', post, ...action }],
        }),
        ...(onClick && { click: onClick }),
      }),
    {
      async fetch(request) {
        const { method, url, headers, credentials } = request
        const key = headers.get('idempotency-key')
        const token = headers.get('authorization')
        const body: unknown = await request.json()
        posted.push({ method, url, key, token, credentials, body })
        const answer = left.shift() ?? 204
        if (answer === 'cut') throw new TypeError('Failed to fetch')
        return typeof answer === 'function' ? answer() : new Response(null, { status: answer })
      },
      ...more,
    },
  )
  let messages = 0
  /** Shows a notification, and clicks its button. */
  const click = async (recipient?: string, reply?: string) => {
    messages += 1
    const message = ours('any', { n: 1 }, { id: `m${messages}`, ...(recipient && { recipient }) })
    const shown = await pushOne(worker, message)
    return worker.click(shown, 'like', reply === undefined ? {} : { reply })
  }
  return { worker, posted, click }
}

const waiting = () => createPostLog(createDatabaseConnection()).list(home)
const titles = (worker: { readonly notifications: readonly { readonly title: string }[] }) =>
  worker.notifications.map(({ title }) => title)

describe('a button with a request', () => {
  test('makes it once, with a key and the backend’s headers, and opens nothing', async () => {
    const { worker, posted, click } = await load({ windows: [{ url: '/' }] })
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
    const { worker, posted, click } = await load({ action: { type: 'text' } })
    await using _ = worker
    await click(undefined, 'Yes, é and 😀')
    expect(posted).toMatchObject([{ body: { order: 42, reply: 'Yes, é and 😀' } }])
  })

  test('may lead somewhere as well', async () => {
    const { worker, posted, click } = await load({ action: { navigate: '/liked' } })
    await using _ = worker
    expect((await click()).opened).toEqual([`${home}liked`])
    expect(posted).toHaveLength(1)
  })

  test('leads where the notification does in a worker without the part', async () => {
    const { worker, posted, click } = await load({ hasPart: false })
    await using _ = worker
    expect((await click()).opened).toEqual([`${home}orders/42`])
    expect(posted).toEqual([])
  })

  test('sends no headers of the backend’s to another origin, but its own', async () => {
    const url = 'https://partner.example/like'
    const plain = await load({ post: { url } })
    await plain.click()
    await plain.worker.dispose()
    const headers = (asked: string) => ({ authorization: `For ${asked}` })
    const own = await load({ post: { url }, options: { headers } })
    await own.click()
    await own.worker.dispose()
    expect(plain.posted).toMatchObject([{ url, token: null, body: {} }])
    expect(own.posted).toMatchObject([{ url, token: `For ${url}` }])
  })

  test.each(['https://evil.example/', 'javascript:alert(1)', 'https://user:secret@app.example/'])(
    'never asks %s, and says so',
    async (url) => {
      const { worker, posted, click } = await load({ post: { url } })
      await using _ = worker
      await click()
      expect(posted).toEqual([])
      expect(titles(worker)).toEqual(['Not sent'])
    },
  )

  test('says so where its body is no JSON', async () => {
    const { worker, posted, click } = await load({ post: { url: '/like', body: { n: 1n } } })
    await using _ = worker
    await click()
    expect(posted).toEqual([])
    expect(titles(worker)).toEqual(['Not sent'])
  })
})

describe('a request that fails', () => {
  test.each<[string, Answer]>([
    ['the network is gone', 'cut'],
    ['the backend answers 500', 500],
    ['the backend answers 429', 429],
  ])('because %s is kept, and made again at a background sync under its key', async (_, answer) => {
    const { worker, posted, click } = await load({ answers: [answer] })
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
    const { worker, click } = await load({ answers: [500, 500] })
    await using _ = worker
    await click()
    const { failed: error } = await worker.sync('pushwell-posts')
    expect(error).toMatchObject({ code: 'backend-unreachable' })
  })

  test('is made again with the next click, which has none itself, once its pause is over', async () => {
    const { worker, posted, click } = await load({ engine: 'firefox', answers: [500] })
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
    const { worker, posted, click } = await load({ engine: 'firefox', answers: ['cut'] })
    await using _ = worker
    await click()
    await click()
    expect(posted).toHaveLength(3)
    expect(new Set(posted.map(({ key }) => key)).size).toBe(2)
    expect(await waiting()).toEqual([])
  })

  test('is made again when a page asks', async () => {
    const { worker, posted, click } = await load({ engine: 'firefox', answers: [500] })
    await using _ = worker
    await click()
    await worker.message({ pushwell: 1, kind: 'posts' })
    expect(posted).toHaveLength(2)
  })

  test('waits for as long as the backend asks', async () => {
    const answer = () => new Response(null, { status: 503, headers: { 'retry-after': '60' } })
    const { worker, posted, click } = await load({ engine: 'firefox', answers: [answer] })
    await using _ = worker
    await click()
    await worker.message({ pushwell: 1, kind: 'posts' })
    expect(posted).toHaveLength(1)
  })

  test.each([400, 401, 403, 404, 409, 410])(
    'with %d is not made again, and the user is told',
    async (status) => {
      const { worker, posted, click } = await load({ answers: [status] })
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
    const { worker, click } = await load({ options, answers: [500] })
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
    const { worker, posted, click } = await load({
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

describe('somebody else', () => {
  test('does not make the requests of the user before', async () => {
    const { worker, posted, click } = await load({ answers: [500] })
    await using _ = worker
    await keepRecord({ recipient: 'anna' })
    await click('anna')
    expect(posted).toHaveLength(1)
    await keepRecord({ recipient: 'bert' })
    await worker.message({ pushwell: 1, kind: 'posts' })
    expect(posted).toHaveLength(1)
    expect(await waiting()).toEqual([])
    expect(titles(worker)).toEqual([])
  })

  test('who clicks on what was for another makes none', async () => {
    const { worker, posted } = await load()
    await using _ = worker
    await keepRecord({ recipient: 'anna' })
    const shown = await pushOne(worker, ours('any', {}, { recipient: 'anna' }))
    await keepRecord({ recipient: null })
    await worker.click(shown, 'like')
    expect(posted).toEqual([])
  })
})

describe('who is signed in', () => {
  const mine = ({ reply }: { readonly reply?: string | undefined }) => ({
    title: `Not sent: ${reply}`,
  })

  test('is who clicked, and not who signs in while a route is at work', async () => {
    let here = 'anna'
    const headers = () => ({ authorization: here })
    const begun = vi.fn<() => void>()
    let end: (() => void) | undefined
    const onClick = () => {
      begun()
      return new Promise<void>((resolve) => (end = resolve))
    }
    const { worker, posted, click } = await load({ onClick, options: { headers } })
    await using _ = worker
    await keepRecord({ recipient: 'anna' })
    const clicking = click('anna')
    await expect.poll(() => [begun.mock.calls.length, posted.length]).toEqual([1, 1])
    here = 'bert'
    await keepRecord({ recipient: 'bert' })
    end?.()
    await clicking
    expect(posted).toMatchObject([{ token: 'anna' }])
  })

  test.each([undefined, 'anna'])(
    'is waited for where storage is slow, since no window has to be opened (%s)',
    async (recipient) => {
      using clock = stopClock()
      const { worker, posted } = await load()
      await using _ = worker
      await keepRecord({ recipient: 'anna' })
      const shown = await pushOne(worker, ours('any', {}, { recipient }))
      await worker.restart()
      const letOpen = holdDatabase()
      const clicking = worker.click(shown, 'like')
      await clock.pass(700)
      letOpen()
      await clicking
      expect(posted).toHaveLength(1)
    },
  )

  test('and cannot be found out has the user told, of nothing private', async () => {
    const { worker, posted } = await load({
      action: { type: 'text' },
      options: { failed: mine },
    })
    await using _ = worker
    await keepRecord({ recipient: 'anna' })
    const shown = await pushOne(worker, ours('any', {}, { recipient: 'anna' }))
    await worker.restart()
    breakDatabase()
    await worker.click(shown, 'like', { reply: 'secret' })
    expect(posted).toEqual([])
    expect(titles(worker)).toEqual(['Not sent: undefined'])
  })

  test('and signs out while the request is under way leaves nothing private on the screen', async () => {
    const answer = async () => {
      await keepRecord({ recipient: null })
      return new Response(null, { status: 403 })
    }
    const options: Partial<PostsOptions> = { failed: mine }
    const { worker, posted, click } = await load({ options, answers: [answer] })
    await using _ = worker
    await keepRecord({ recipient: 'anna' })
    await click('anna', 'secret')
    expect(posted).toHaveLength(1)
    expect(titles(worker)).toEqual([])
    expect(await waiting()).toEqual([])
  })
})

test('a route that never ends keeps neither the request nor the other parts', async () => {
  const clicked = vi.fn<NonNullable<WorkerPart['clicked']>>()
  const onClick = () => new Promise(() => undefined)
  const parts = [{ name: 'other', clicked }]
  const { worker, posted, click } = await load({ onClick, parts, eventTimeoutMs: 1500 })
  await using _ = worker
  expect((await click()).failed).toMatchObject({ code: 'timeout' })
  expect(posted).toHaveLength(1)
  expect(clicked).toHaveBeenCalledOnce()
})

test('a background sync is asked for while the backend has not answered yet', async () => {
  let answer: ((response: Response) => void) | undefined
  const { worker, click } = await load({
    answers: [() => new Promise<Response>((resolve) => (answer = resolve))],
  })
  await using _ = worker
  const clicking = click()
  await expect.poll(() => answer).toBeDefined()
  expect(worker.syncTags).toEqual(['pushwell-posts'])
  answer?.(new Response(null, { status: 204 }))
  await clicking
})

test('without a database a request is made at once, and told of when it fails', async () => {
  const { worker, posted, click } = await load({ answers: [204, 500] })
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
    const { worker, posted, click } = await load({ answers: [answer] })
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
    const { worker, posted, click } = await load({ engine: 'firefox', answers: [500, 500] })
    await using _ = worker
    await click()
    const post = present((await waiting())[0])
    await createPostLog(createDatabaseConnection()).put({ ...post, key: 'second' })
    refuse('put')
    await worker.message({ pushwell: 1, kind: 'posts' })
    expect(posted).toHaveLength(3)
  })
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
  const { worker, posted, click } = await load({ post })
  await using _ = worker
  await click()
  expect(posted).toEqual([])
  expect(titles(worker)).toEqual(['Not sent'])
})

test('what is shown at last must be a notification', () => {
  expect(() => posts({ failed: { title: '' } })).toThrow(/^failed must be/)
})
