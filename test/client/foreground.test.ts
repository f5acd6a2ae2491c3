import { describe, expect, test } from 'vitest'
import { createFakePage, type FakePage } from './fake-page-platform.ts'
import { start } from './start-client.ts'

describe('a message that the worker offers to the page with the focus', () => {
  const question = { id: 'm1', type: 'chat', data: { text: 'hi' } }

  /** Asks as the worker does, and waits for the answer. */
  async function offer(page: FakePage, mode: 'ask' | 'page', message: object = question) {
    const { port1, port2 } = new MessageChannel()
    const answered = new Promise((resolve) => {
      port1.addEventListener('message', ({ data }) => resolve(data))
      port1.start()
    })
    const data = { pushwell: 1, scope: page.worker.scope, kind: 'ask', mode, message }
    const event = Object.assign(new Event('message'), { data, ports: [port2] })
    page.workerMessages.dispatchEvent(event)
    return answered.finally(() => port1.close())
  }

  test.each([
    ['true', () => true, true],
    ['true later', () => Promise.resolve(true), true],
    ['false', () => false, false],
    ['something else', () => 'yes' as never, false],
  ])('is taken as the app says: %s', async (_, foreground, expected) => {
    const { page, push } = start(createFakePage(), { foreground })
    await push.prepare()
    expect(await offer(page, 'ask')).toBe(expected)
  })

  test('is told to the app whole', async () => {
    const asked: unknown[] = []
    const { page, push } = start(createFakePage(), {
      foreground: (message) => Boolean(asked.push(message)),
    })
    await push.prepare()
    await offer(page, 'ask')
    expect(asked).toEqual([question])
  })

  test('is not taken where the app fails, which is reported', async () => {
    const reported = new Promise((resolve) => process.once('uncaughtException', resolve))
    const { page, push } = start(createFakePage(), {
      foreground: () => Promise.reject(new Error('the app’s')),
    })
    await push.prepare()
    expect(await offer(page, 'ask')).toBe(false)
    expect(await reported).toMatchObject({ message: 'the app’s' })
  })

  test('is not taken without the option', async () => {
    const { page, push } = start()
    push.onMessage('chat', () => undefined)
    await push.prepare()
    expect(await offer(page, 'ask')).toBe(false)
  })

  test('is taken by a page that listens for its type, where the worker says that pages do', async () => {
    const { page, push } = start()
    push.onMessage('chat', () => undefined)
    await push.prepare()
    expect(await offer(page, 'page')).toBe(true)
    expect(await offer(page, 'page', { ...question, type: 'order' })).toBe(false)
  })

  test('is not taken once the page has lost the focus', async () => {
    const page = createFakePage()
    const { push } = start(page, {
      foreground: () => {
        page.hasFocus = false
        return true
      },
    })
    await push.prepare()
    expect(await offer(page, 'ask')).toBe(false)
  })

  test('comes to onMessage as one that was not shown', async () => {
    const { page, push } = start()
    const heard: unknown[] = []
    push.onMessage('chat', ({ shown }) => heard.push(shown))
    await push.prepare()
    const message = { ...question, taken: true }
    page.channels.say({ pushwell: 1, scope: page.worker.scope, kind: 'message', message })
    await expect.poll(() => heard).toEqual([false])
  })
})
