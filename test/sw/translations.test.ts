import { describe, expect, test } from 'vitest'
import { writeMessage } from '../../src/shared/write-message.ts'
import type { MessageContent } from '../../src/shared/message-content.ts'
import type { WorkerEngine } from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  type PushWorker,
  translations,
  type TranslationsOptions,
} from '../../sw/index.ts'
import {
  blockDatabase,
  breakDatabase,
  keepRecord,
  loadPushWorker,
  pushOne,
} from './load-push-worker.ts'

const catalogs = {
  en: {
    shipped: 'Your order {id} has shipped',
    items: { one: '{count} item', other: '{count} items' },
    track: 'Track',
    late: 'Your order {id} came',
  },
  de: { shipped: 'Deine Bestellung {id} ist unterwegs', track: 'Verfolgen' },
  ar: { shipped: 'طلبك {id} في الطريق' },
}

const engines: readonly WorkerEngine[] = ['chromium', 'firefox', 'webkit']

interface Setting {
  readonly engine?: WorkerEngine
  readonly language?: string
  readonly options?: TranslationsOptions<typeof catalogs>
  readonly routes?: (worker: PushWorker) => unknown
}

function load({ options, routes, ...around }: Setting = {}) {
  return loadPushWorker((scope) => {
    const parts = [translations(catalogs, options)]
    const worker = createPushWorker({ parts, fallback: { title: 'Acme' } }, scope)
    routes?.(worker)
  }, around)
}

const client = (language: string) => ({ client: { language, sdk: 'test' } })

const shipped: MessageContent = {
  notification: {
    title: 'Own title',
    body: 'Own body',
    lang: 'fr',
    actions: [
      { action: 'track', title: 'Own label' },
      { action: 'close', title: 'Close' },
    ],
  },
  localized: {
    title: { key: 'shipped', args: { id: '42' } },
    body: { key: 'items', args: { count: 2 } },
    actions: { track: { key: 'track' } },
  },
}

const write = (message: MessageContent = shipped) => writeMessage(message, { id: 'm1' })

describe.each(engines)('a message with keys in %s', (engine) => {
  test('is shown in the language that the page has stored', async () => {
    await using worker = await load({ engine, language: 'en' })
    await keepRecord(client('de-AT'))
    const shown = await pushOne(worker, write())
    expect(shown).toMatchObject({
      title: 'Deine Bestellung 42 ist unterwegs',
      body: 'Own body',
      lang: 'de',
    })
  })
})

test('labels, direction and language are those of the text', async () => {
  await using worker = await load({ options: { fallback: 'en' } })
  await keepRecord(client('ar-EG'))
  const shown = await pushOne(worker, write())
  expect(shown).toMatchObject({
    title: 'طلبك 42 في الطريق',
    body: '2 items',
    lang: 'ar',
    dir: 'rtl',
    actions: [
      { action: 'track', title: 'Track' },
      { action: 'close', title: 'Close' },
    ],
  })
})

test('the language is read anew for each message', async () => {
  await using worker = await load()
  await keepRecord(client('en'))
  await pushOne(worker, write())
  await keepRecord(client('de'))
  await pushOne(worker, write({ ...shipped, id: 'm2' }))
  expect(worker.history.map(({ lang }) => lang)).toEqual(['en', 'de'])
})

test('before there was a page, and without a database, it is the worker’s own', async () => {
  await using worker = await load({ language: 'de-DE' })
  expect((await pushOne(worker, write())).lang).toBe('de')
  await worker.restart()
  breakDatabase()
  expect((await pushOne(worker, write({ ...shipped, id: 'm2' }))).lang).toBe('de')
  await worker.restart()
  blockDatabase()
  expect((await pushOne(worker, write({ ...shipped, id: 'm3' }))).lang).toBe('de')
})

test('a language or a key that there is not leaves the message’s own text, else the fallback', async () => {
  await using worker = await load({ language: 'fr' })
  expect(await pushOne(worker, write())).toMatchObject({ title: 'Own title', lang: 'fr' })
  const unknown = { title: { key: 'unknown' } }
  const without = write({ id: 'm2', localized: unknown })
  expect((await pushOne(worker, without)).title).toBe('Acme')
  await keepRecord(client('en'))
  const own = write({ id: 'm3', notification: { title: 'Own' }, localized: unknown })
  expect((await pushOne(worker, own)).title).toBe('Own')
})

test('a message of keys alone is shown', async () => {
  await using worker = await load()
  const { localized = {} } = shipped
  expect((await pushOne(worker, write({ localized }))).title).toBe('Your order 42 has shipped')
})

test('a route is given the translated notification, and may translate itself', async () => {
  const texts = translations(catalogs)
  await using worker = await loadPushWorker(
    (scope) =>
      createPushWorker({ parts: [texts] }, scope).on('order', {
        notification: async ({ notification }) => ({
          title: `${notification?.title}!`,
          body: (await texts.translate('items', { count: 1 })) ?? '',
        }),
      }),
    { language: 'en' },
  )
  const shown = await pushOne(worker, write({ ...shipped, type: 'order' }))
  expect(shown).toMatchObject({ title: 'Your order 42 has shipped!', body: '1 item' })
})

test('what comes too late has texts of its own', async () => {
  await using worker = await load()
  const message: MessageContent = {
    ...shipped,
    expiresAt: 1,
    stale: { title: 'Too late' },
    localized: { ...shipped.localized, stale: { title: { key: 'late', args: { id: '42' } } } },
  }
  const shown = await pushOne(worker, write(message))
  expect(shown).toMatchObject({ title: 'Your order 42 came', body: '' })
})

test('nothing of a message for somebody else is translated onto the screen', async () => {
  await using worker = await load()
  await keepRecord({ recipient: 'bob' })
  const shown = await pushOne(worker, write({ ...shipped, recipient: 'ada' }))
  expect(shown).toMatchObject({ title: 'app.example', body: '' })
})

test.each([[5], [null], [{ title: 5 }], [{ title: { key: 'items', args: [1] } }], [[]]])(
  'keys in a wrong form, %j, cost no notification',
  async (localized) => {
    await using worker = await load()
    const payload = { notification: { title: 'Own' }, pushwell: { v: 1, id: 'm1', localized } }
    expect((await pushOne(worker, payload)).title).toMatch(/Own|items/)
  },
)

test('catalogs that no language names are refused', () => {
  expect(() => translations({ en_US: {} })).toThrow(TypeError)
  expect(() => translations({ 'no language': {} })).toThrow(/catalogs must/)
  expect(() => translations({ en: {} }, { fallback: 'de' as 'en' })).toThrow(TypeError)
})
