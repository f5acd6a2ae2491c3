import { loadWorker } from 'pushwell/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const script = new URL('sw.js', import.meta.url)
const applicationServerKey =
  'BDd3_hVL9fZi9Ybo2UUzA284WG5FZR30_95YeZJsiApwXKpNcF1rRPF3foIiBHXRdJI2Qhumhf6_LFTeZaNndIo'

describe.each(['chromium', 'firefox', 'webkit'])('the worker in %s', (engine) => {
  let worker
  let requests
  beforeEach(async () => {
    requests = []
    worker = await loadWorker(script, {
      engine,
      async fetch(request) {
        requests.push(`${request.method} ${new URL(request.url).pathname}`)
        return new Response(applicationServerKey)
      },
    })
  })
  afterEach(() => worker.dispose())

  test.each([
    ['an empty push', undefined, 'Acme'],
    ['text', 'hello', 'Acme'],
    ['null', 'null', 'Acme'],
    ['a message', { title: 'Order shipped', url: '/orders/1' }, 'Order shipped'],
  ])('shows one notification for %s', async (_, payload, title) => {
    const { shown, silent } = await worker.push(payload)
    expect(shown).toMatchObject([{ title }])
    expect(silent).toBe(false)
  })

  test('replaces what it showed under the same tag', async () => {
    await worker.push({ title: 'One', tag: 'order' })
    await worker.push({ title: 'Two', tag: 'order' })
    expect(worker.notifications).toMatchObject([{ title: 'Two' }])
  })

  test('opens the page of the message', async () => {
    const { shown } = await worker.push({ url: '/orders/1' })
    const { opened, closed } = await worker.click(shown[0])
    expect(opened).toEqual(['https://app.example/orders/1'])
    expect(closed).toBe(true)
  })

  test('focuses the window that is there already', async () => {
    worker.openWindow({ url: '/orders/1' })
    const { shown } = await worker.push({ url: '/orders/1' })
    expect(await worker.click(shown[0])).toMatchObject({
      opened: [],
      focused: ['https://app.example/orders/1'],
    })
  })

  test('subscribes again, and tells the backend', async () => {
    await worker.changeSubscription()
    expect(worker.subscription).not.toBeNull()
    expect(requests).toEqual(['GET /push/key', 'POST /push/subscriptions'])
  })
})

test('the button only takes the notification away', async () => {
  const worker = await loadWorker(script)
  const { shown } = await worker.push()
  expect(await worker.click(shown[0], 'later')).toMatchObject({ opened: [], closed: true })
})
