import { Agent } from 'node:https'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import webPush from 'web-push'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import { ownWorkerCases } from '../testing/worker/own-worker-cases.ts'
import { bundleWorker } from './bundle-worker.ts'
import { createBrowserHost } from './browser-host.ts'
import { call, engines, showMarker, startWorld, subscribe, useClient, type World } from './world.ts'

describe.each(engines)('in stock %s, in a worker that precaches as well,', (engine) => {
  let world: World
  let subscription: PushSubscriptionData

  beforeAll(async () => {
    world = await startWorld(engine)
    world.site.scripts.set('/sw.js', await bundleWorker('precaching-sw.js', 'iife'))
    subscription = (await subscribe(world)).subscription
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  test.each(ownWorkerCases)('$name', async ({ run, expected }) => {
    expect(await run(createBrowserHost(world, subscription))).toEqual(expected[engine])
  })

  test('a push that npm web-push encrypted and sent is shown', async () => {
    const { keys } = world.site
    const payload = JSON.stringify({ pushwell: { v: 1, type: 'text', data: { title: 'Peer' } } })
    await webPush.sendNotification(subscription, payload, {
      vapidDetails: { subject: 'mailto:test@pushwell.example', ...keys },
      agent: new Agent({
        ca: world.service.certificate,
        proxyEnv: { HTTPS_PROXY: world.service.proxyUrl },
      }),
      TTL: 60,
    })
    await world.desktop.waitFor(({ title }) => title === 'Peer')
  })

  describe('a body of more than 4,096 octets', () => {
    test('is refused by the sender before it is encrypted', async () => {
      await expect(
        world.sender.send(subscription, { payload: 'x'.repeat(3994) }),
      ).rejects.toMatchObject({ name: 'RangeError', code: 'message-too-large' })
    })

    test('is refused by the push service', async () => {
      const response = await world.service.fetch(subscription.endpoint, {
        method: 'POST',
        headers: { TTL: '60', 'Content-Encoding': 'aes128gcm' },
        body: new Uint8Array(4097),
      })
      expect(response.status).toBe(413)
    })
  })

  test('a message that was tampered with is not shown', async () => {
    const { desktop, service, site } = world
    const details = webPush.generateRequestDetails(subscription, 'text', {
      vapidDetails: { subject: 'mailto:test@pushwell.example', ...site.keys },
    })
    const body = Uint8Array.from(details.body)
    body[body.length - 1] = (body.at(-1) ?? 0) ^ 1
    const before = desktop.history.length
    const { headers } = details
    await service.fetch(subscription.endpoint, {
      method: 'POST',
      headers: {
        TTL: '60',
        'Content-Encoding': 'aes128gcm',
        Authorization: String(headers['Authorization']),
      },
      body,
    })
    const message = await service.waitFor(
      (one) => Buffer.from(one.body).equals(body) && one.code !== undefined,
    )
    // Autopush says 101 for a decryption that failed; MCS only says that the octets have come.
    expect(message).toMatchObject(
      engine === 'firefox'
        ? { status: 'failed', code: 101 }
        : { status: 'acknowledged', code: 100 },
    )
    await showMarker(world, 'After the tampered one')
    expect(desktop.history.slice(before).map(({ title }) => title)).toEqual([
      'After the tampered one',
    ])
  })

  test('its precached page loads once the site is gone, and is subscribed', async () => {
    const { browser, site } = world
    await site.stop()
    await expect(browser.newPage(`${site.origin}/inbox`)).rejects.toThrow()
    const page = await browser.newPage(site.origin)
    expect(await page.title()).toBe('App')
    await useClient(page, site)
    expect((await call(page, 'prepare')).state).toMatchObject({ status: 'subscribed' })
  })
})
