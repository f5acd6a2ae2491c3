import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { loadWorker } from 'pushwell/testing'

const script = new URL('sw.js', import.meta.url)

let worker
afterEach(() => worker.dispose())

describe.each(['chromium', 'firefox', 'webkit'])('the worker in %s', (engine) => {
  test.each([
    ['an empty push', undefined, 'Acme'],
    ['text', 'hello', 'Acme'],
    ['a message', { title: 'Order shipped', url: '/orders/1' }, 'Order shipped'],
  ])('shows one notification for %s', async (_, payload, title) => {
    worker = await loadWorker(script, { engine })
    const { shown, silent } = await worker.push(payload)
    expect(shown).toMatchObject([{ title }])
    expect(silent).toBe(false)
  })

  test('opens the page of the message', async () => {
    // Imported as Jest imports: with its transforms and mocks, and what it counts as covered.
    jest.resetModules()
    worker = await loadWorker(() => import('./sw.js'), { engine, globals: true })
    const { shown } = await worker.push({ url: '/orders/1' })
    const { opened, closed } = await worker.click(shown[0])
    expect(opened).toEqual(['https://app.example/orders/1'])
    expect(closed).toBe(true)
  })
})

test('a worker can be written in the test', async () => {
  worker = await loadWorker((self) => {
    self.addEventListener('push', (event) => {
      event.waitUntil(self.registration.showNotification(event.data.text()))
    })
  })
  expect((await worker.push('Hello')).shown).toMatchObject([{ title: 'Hello' }])
})
