import { describe, expect, test } from 'vitest'
import { subscriptionId } from '../../src/shared/protocol.ts'
import { enabledBefore, endpoint, start } from './start-client.ts'

describe('disable', () => {
  test('needs neither the key nor the network', async () => {
    const { page } = await enabledBefore()
    const { push } = start(page, {
      applicationServerKey: () => Promise.reject(new Error('offline')),
    })
    page.respond = () => Promise.reject(new TypeError('offline'))
    expect(await push.disable()).toEqual({ status: 'unsubscribed' })
    expect(page.subscription).toBeNull()
    expect(await start(page).push.prepare()).toEqual({ status: 'unsubscribed' })
  })

  test('counts while pushes are blocked: allowed again, they stay off', async () => {
    const { page, push } = await enabledBefore()
    page.permission = 'denied'
    page.subscription = null
    expect(await push.disable()).toMatchObject({ status: 'blocked' })
    page.permission = 'granted'
    expect(await start(page).push.prepare()).toEqual({ status: 'unsubscribed' })
  })

  test('is not done for a backend that answers DELETE with a page', async () => {
    const { page, push } = await enabledBefore()
    page.respond = () => new Response('<h1>Sign in</h1>', { status: 200 })
    await push.disable()
    page.requests.length = 0
    page.respond = () => new Response(null, { status: 204 })
    await start(page).push.prepare()
    expect(page.requests).toMatchObject([{ method: 'DELETE' }])
  })

  test('gives the subscription up and has the backend forget it', async () => {
    const { page, push } = await enabledBefore()
    expect(await push.disable()).toEqual({ status: 'unsubscribed' })
    expect(page.subscription).toBeNull()
    const path = `/push/subscriptions/${await subscriptionId(endpoint('1'))}`
    expect(page.requests).toMatchObject([{ method: 'DELETE', path }])
    expect(await start(page).push.prepare()).toEqual({ status: 'unsubscribed' })
  })

  test('is told to a backend that did not answer at the next load', async () => {
    const { page, push } = await enabledBefore()
    page.respond = () => new Response('', { status: 503 })
    await push.disable()
    page.requests.length = 0
    page.respond = () => new Response(null, { status: 204 })
    await start(page).push.prepare()
    expect(page.requests).toMatchObject([{ method: 'DELETE' }])
    page.requests.length = 0
    await start(page).push.prepare()
    expect(page.requests).toEqual([])
  })

  test('is finished at the next load when the browser kept the subscription', async () => {
    const { page, push } = await enabledBefore()
    page.unsubscribe = () => Promise.reject(new Error('busy'))
    await expect(push.disable()).rejects.toMatchObject({ code: 'unsubscribe-failed' })
    page.unsubscribe = null
    expect(await start(page).push.prepare()).toEqual({ status: 'unsubscribed' })
    expect(page.subscription).toBeNull()
  })

  test('takes Firefox’s late NetworkError for the success that it is', async () => {
    const { page, push } = await enabledBefore()
    page.unsubscribe = () => {
      page.subscription = null
      return Promise.reject(new DOMException('', 'NetworkError'))
    }
    expect(await push.disable()).toEqual({ status: 'unsubscribed' })
  })
})
