import { describe, expect, test, vi } from 'vitest'
import type { Navigate } from '../../src/client/index.ts'
import { start } from './start-client.ts'

const url = 'https://app.example/orders/42'

/** Has the worker lead the page somewhere, and gives what the page answers. */
async function lead(navigate?: Navigate): Promise<unknown> {
  const { page, push } = start(undefined, navigate && { navigate })
  await push.prepare()
  const { scope } = page.worker
  const click = { key: 'k1', scope, at: 7, type: 'order', id: 'm1', data: 1, action: 'track', url }
  const { port1, port2 } = new MessageChannel()
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data)
  })
  const data = { pushwell: 1, scope, kind: 'navigate', url, click }
  page.workerMessages.dispatchEvent(Object.assign(new Event('message'), { data, ports: [port2] }))
  return answer.finally(() => port1.close())
}

describe('a click that leads to a page', () => {
  test('has its router go there, and the worker is told so', async () => {
    const navigate = vi.fn<Navigate>()
    expect(await lead(navigate)).toBe(true)
    const click = { id: 'm1', data: 1, action: 'track', reply: undefined, url, at: 7 }
    expect(navigate.mock.calls).toEqual([[url, click]])
  })

  test('is the worker’s to follow where the page has no router', async () => {
    expect(await lead()).toBe(false)
  })

  test('is the worker’s to follow where the router refuses', async () => {
    expect(await lead(() => false)).toBe(false)
  })

  test('is the worker’s to follow where the router throws, and the error is seen', async () => {
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve))
    const answer = await lead(() => {
      throw new Error('router')
    })
    expect(answer).toBe(false)
    expect(await uncaught).toMatchObject({ message: 'router' })
  })
})
