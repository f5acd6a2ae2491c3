import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createPushWorker, type PushWorkerOptions } from '../../sw/index.ts'
import {
  blockDatabase,
  breakDatabase,
  keepRecord,
  listen,
  loadPushWorker,
  ours,
  pushOne,
} from './load-push-worker.ts'

const neutral = { title: 'Acme', body: 'You have a new message.' }
const secret = 'secret'
const notification = {
  title: secret,
  body: secret,
  tag: secret,
  image: '/secret.png',
  icon: '/secret.png',
  navigate: '/secret',
  data: secret,
  actions: [{ action: secret, title: secret, navigate: '/secret' }],
}
const forAnna = { notification, ...ours('chat', secret, { recipient: 'anna' }) }

function load(
  options: PushWorkerOptions = { neutral },
  route = vi.fn(() => notification),
  eventTimeoutMs = 4000,
) {
  return loadPushWorker(
    (scope) =>
      createPushWorker({ deadlineMs: 50, ...options }, scope).on('chat', { notification: route }),
    { eventTimeoutMs },
  )
}

describe('a message for somebody', () => {
  test('is shown to them', async () => {
    await using worker = await load()
    await keepRecord({ recipient: 'anna' })
    expect((await pushOne(worker, forAnna)).title).toBe(secret)
  })

  test.each([
    ['another user is signed in', { recipient: 'bert' }],
    ['nobody is signed in any more', { recipient: null }],
    ['nobody ever was', {}],
  ])('is neutral when %s, and nothing of it can be found', async (_, record) => {
    const route = vi.fn(() => notification)
    await using worker = await load({ neutral }, route)
    const heard = listen()
    await keepRecord(record)
    const shown = await pushOne(worker, forAnna)
    expect(shown).toMatchObject(neutral)
    expect(JSON.stringify(shown)).not.toContain(secret)
    expect((await worker.click(shown)).opened).toEqual(['https://app.example/'])
    expect(route).not.toHaveBeenCalled()
    expect(heard).toEqual([])
  })

  test('is neutral by the host’s name where the app says nothing', async () => {
    await using worker = await load({})
    const shown = await pushOne(worker, forAnna)
    expect(shown).toMatchObject({ title: 'app.example', body: '' })
    expect(JSON.stringify(shown)).not.toContain(secret)
  })

  test('is neutral when they sign out while its route works', async () => {
    const route = vi.fn(async () => {
      await keepRecord({ recipient: null })
      return notification
    })
    await using worker = await loadPushWorker(
      (scope) => createPushWorker({ neutral }, scope).on('chat', { notification: route }),
      { eventTimeoutMs: 4000 },
    )
    const heard = listen()
    await keepRecord({ recipient: 'anna' })
    const shown = await pushOne(worker, forAnna)
    expect(route).toHaveBeenCalledOnce()
    expect(shown).toMatchObject(neutral)
    expect(JSON.stringify(shown)).not.toContain(secret)
    expect(heard).toEqual([])
  })

  test('is taken back for the neutral one when they sign out while it is shown', async () => {
    await using worker = await load()
    const heard = listen()
    await keepRecord({ recipient: 'anna' })
    const { registration } = worker.scope
    const showNotification = registration.showNotification.bind(registration)
    const showing = vi.fn(async (...given: Parameters<typeof showNotification>) => {
      await keepRecord({ recipient: null })
      return showNotification(...given)
    })
    Object.assign(registration, { showNotification: showing })
    const { failed } = await worker.push(forAnna)
    expect(failed).toBeUndefined()
    expect(showing).toHaveBeenCalledTimes(2)
    // The user has heard the first one.
    expect(worker.notifications).toMatchObject([{ ...neutral, silent: true }])
    expect(JSON.stringify(worker.notifications)).not.toContain(secret)
    expect(heard).toEqual([])
  })

  test('is taken back also when the list of what is shown comes late, and the push does not wait', async () => {
    await using worker = await load()
    await keepRecord({ recipient: 'anna' })
    const { registration } = worker.scope
    const show = registration.showNotification.bind(registration)
    const list = registration.getNotifications.bind(registration)
    let go = () => undefined as void
    const late = new Promise<void>((resolve) => (go = resolve))
    Object.assign(registration, {
      showNotification: async (...given: Parameters<typeof show>) => {
        await show(...given)
        await keepRecord({ recipient: null })
      },
      getNotifications: () => late.then(list),
    })
    expect(await worker.push(forAnna)).not.toHaveProperty('failed')
    go()
    await expect.poll(() => worker.notifications).toMatchObject([neutral])
  })

  test('stays when the database fails after it was shown', async () => {
    await using worker = await load()
    await keepRecord({ recipient: 'anna' })
    const { registration } = worker.scope
    const show = registration.showNotification.bind(registration)
    const failing = vi.spyOn(IDBDatabase.prototype, 'transaction')
    Object.assign(registration, {
      showNotification: async (...given: Parameters<typeof show>) => {
        await show(...given)
        failing.mockImplementation(() => {
          throw new DOMException('closed', 'InvalidStateError')
        })
      },
    })
    await worker.push(forAnna)
    failing.mockRestore()
    expect(worker.history.map(({ title }) => title)).toEqual([secret])
  })

  test('is neutral when there is no record at all', async () => {
    await using worker = await load()
    expect(await pushOne(worker, forAnna)).toMatchObject(neutral)
  })

  test('is neutral when the database fails', async () => {
    await using worker = await load()
    breakDatabase()
    expect(await pushOne(worker, forAnna)).toMatchObject(neutral)
  })

  test('is neutral within the deadline when the database never answers', async () => {
    await using worker = await load({ neutral }, undefined, 300)
    blockDatabase()
    expect(await pushOne(worker, forAnna)).toMatchObject(neutral)
  })

  test.each([[42], [{ id: 'anna' }], [['anna']], [true]])(
    'is neutral where the recipient is no text: %j',
    async (recipient) => {
      await using worker = await load()
      await keepRecord({ recipient: 'anna' })
      const payload = { notification, ...ours('chat', secret, { recipient }) }
      expect(await pushOne(worker, payload)).toMatchObject(neutral)
    },
  )

  test('is neutral in a version of the envelope that is not known here', async () => {
    await using worker = await load()
    await keepRecord({ recipient: 'bert' })
    const payload = { notification, pushwell: { v: 2, recipient: 'anna' } }
    expect(await pushOne(worker, payload)).toMatchObject(neutral)
  })

  test('never shows to another, whatever is in it', async () => {
    await using worker = await load()
    await keepRecord({ recipient: 'bert' })
    const members = fc.dictionary(
      fc.constantFrom(...Object.keys(notification), 'vibrate', 'silent'),
      fc.constantFrom<unknown>(secret, [secret], { secret }, 7, true, null),
    )
    const recipients = fc.jsonValue().filter((value) => value !== 'bert' && value !== null)
    await fc.assert(
      fc.asyncProperty(members, recipients, async (own, recipient) => {
        const id = crypto.randomUUID()
        const payload = { notification: own, ...ours('chat', secret, { id, recipient }) }
        const shown = await pushOne(worker, payload)
        expect(shown).toMatchObject(neutral)
        expect(JSON.stringify(shown)).not.toContain(secret)
      }),
    )
  })
})

test.each([[undefined], [null]])(
  'a message without an id and for nobody in particular is shown before the database is read (%s)',
  async (recipient) => {
    await using worker = await load()
    const shownFirst: number[] = []
    const { indexedDB } = globalThis
    const open = (...given: Parameters<IDBFactory['open']>) => {
      shownFirst.push(worker.history.length)
      return indexedDB.open(...given)
    }
    Object.assign(globalThis, { indexedDB: { open } })
    const payload = { notification, ...ours('chat', secret, { id: undefined, recipient }) }
    expect((await pushOne(worker, payload)).title).toBe(secret)
    expect(shownFirst).toEqual([1])
  },
)
