import { describe, expect, test } from 'vitest'
import { call, engines, startWorld, subscribe } from './world.ts'

describe.each(engines)('in stock %s,', (engine) => {
  test('the report tells where things stand, and nothing secret', async () => {
    await using world = await startWorld(engine)
    const { site } = world
    const { page, subscription } = await subscribe(world)
    site.failing = 500
    await call(page, 'identify', 'alice@example.com')
    const { value } = await call(page, 'diagnose')
    expect(value).toMatchObject({
      sdk: expect.stringMatching(/^pushwell\//) as string,
      state: { status: 'subscribed', sync: 'pending', reason: 'backend-failed' },
      environment: { secureContext: true, locks: true, storage: 'persistent' },
      permission: 'granted',
      registration: {
        scope: `${site.origin}/`,
        script: `${site.origin}/sw.js`,
        state: 'activated',
        version: expect.any(String) as string,
      },
      subscription: { ageMs: expect.any(Number) as number, keyMove: null },
      // It may have tried again by now: the first pause is drawn from up to two seconds.
      outbox: { next: 'PUT', mayHold: 1, reason: 'backend-failed' },
      identity: 'signed-in',
      failures: expect.arrayContaining([
        expect.objectContaining({ code: 'backend-failed' }),
      ]) as unknown,
    })
    const text = JSON.stringify(value)
    const { endpoint, keys } = subscription
    const token = endpoint.slice(endpoint.lastIndexOf('/') + 1)
    const secrets = [token, keys.p256dh, keys.auth, site.keys.publicKey, 'alice@example.com']
    for (const secret of [...secrets, new URL(endpoint).host + '/']) {
      expect(text).not.toContain(secret)
    }
  })
})
