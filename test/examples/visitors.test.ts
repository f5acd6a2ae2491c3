import { beforeEach, describe, expect, test } from 'vitest'
import { type AppWorld, openAppWorld } from './app-world.ts'

let world: AppWorld

beforeEach(async () => {
  world = await openAppWorld()
})

async function sessionOf(cookie: string): Promise<unknown> {
  const response = await world.request('GET', '/session', { headers: { Cookie: cookie } })
  expect(response.headers.get('Cache-Control')).toBe('no-store')
  return response.json()
}

describe('a visitor', () => {
  test('is given a cookie that scripts cannot read, once', async () => {
    const response = await world.request('GET', '/')
    const cookie = response.headers.get('Set-Cookie') ?? ''
    expect(cookie).toMatch(/^visitor=[\da-f-]{36};.*HttpOnly.*SameSite=Lax/)
    const again = await world.request('GET', '/', {
      headers: { Cookie: `a=b; ${cookie.split(';')[0]}` },
    })
    expect(again.headers.get('Set-Cookie')).toBeNull()
  })

  test('owns the subscriptions that come with the cookie', async () => {
    const cookie = await world.visit()
    await world.subscribe(cookie, 'one')
    expect(await world.records()).toMatchObject([{ recipient: cookie.split('=')[1] }])
  })

  test.each(['', 'visitor=', 'visitor=%00', 'xvisitor=9b1f1f6e-0d8c-4a4e-9d55-0c1f0a6f3b11'])(
    'without a cookie of ours is not let in: %s',
    async (cookie) => {
      expect((await world.ship(cookie)).status).toBe(401)
      const headers = { Cookie: cookie, 'Content-Type': 'application/json' }
      const response = await world.request('PUT', '/push/subscriptions', { headers, body: '{}' })
      expect(response.status).toBe(401)
    },
  )
})

describe('signing in', () => {
  test('makes the browser the user’s, until the user signs out', async () => {
    const visitor = await world.visit()
    expect(await sessionOf(visitor)).toEqual({ user: null })
    const cookie = await world.signIn(visitor, 'ada; ünd')
    expect(await sessionOf(cookie)).toEqual({ user: 'ada; ünd' })
    await world.subscribe(cookie, 'one')
    expect(await world.records()).toMatchObject([{ recipient: 'ada; ünd' }])
    const response = await world.request('DELETE', '/session', { headers: { Cookie: cookie } })
    expect(await response.json()).toEqual({ user: null })
    expect(response.headers.get('Set-Cookie')).toMatch(/^user=; Max-Age=0/)
    await world.subscribe(visitor, 'one')
    expect(await world.records()).toMatchObject([{ recipient: visitor.split('=')[1] }])
  })

  test('gives a cookie that scripts cannot read', async () => {
    const response = await world.request('POST', '/session', { body: '{"user":"ada"}' })
    expect(response.headers.get('Set-Cookie')).toMatch(/^user=ada;.*HttpOnly.*SameSite=Lax/)
  })

  test.each([
    ['no name', {}],
    ['an empty one', { user: '' }],
    ['a long one', { user: 'x'.repeat(101) }],
    ['none that is text', { user: 5 }],
    ['none that can be kept', { user: 'a\0' }],
    ['half a character', { user: '\uD800' }],
    ['a visitor’s', { user: '9b1f1f6e-0d8c-4a4e-9d55-0c1f0a6f3b11' }],
    ['null', null],
  ])('is refused with %s', async (_what, body) => {
    const response = await world.request('POST', '/session', { body: JSON.stringify(body) })
    expect(response.status).toBe(400)
    expect(response.headers.get('Set-Cookie')).toBeNull()
  })

  test('is refused without JSON', async () => {
    expect((await world.request('POST', '/session', { body: 'user=ada' })).status).toBe(400)
  })
})

describe('what other origins send', () => {
  test('is refused with 403 when it is a form', async () => {
    const cookie = await world.visit()
    await world.subscribe(cookie, 'one')
    const response = await world.request('POST', '/orders/42/ship', {
      headers: {
        Origin: 'https://evil.example',
        Cookie: cookie,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: 'a=b',
    })
    expect(response.status).toBe(403)
    expect(world.sent).toEqual([])
  })
})
