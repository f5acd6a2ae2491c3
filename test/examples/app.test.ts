import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { createFakeBrowser } from '../server/fake-browser.ts'
import { type AppWorld, keys, openAppWorld } from './app-world.ts'

let world: AppWorld

beforeEach(async () => {
  world = await openAppWorld()
})

test('subscriptions are taken only at the browsers’ own push services, unless told otherwise', async () => {
  const cookie = await world.visit()
  const { subscription } = createFakeBrowser('https://push.example.org/x')
  const applicationServerKey = keys.publicKey
  const put = () =>
    world.request('PUT', '/push/subscriptions', {
      headers: { Cookie: cookie, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        version: 1,
        subscription,
        applicationServerKey,
        client: { sdk: 'test' },
      }),
    })
  expect((await put()).status).toBe(400)
  await world.startWith({ endpoints: 'public' })
  expect((await put()).status).toBe(200)
})

describe('files', () => {
  const file = (name: string) =>
    readFile(new URL(`../../examples/minimal/${name}`, import.meta.url), 'utf8')

  test.each([
    ['/', 'index.html', 'text/html'],
    ['/page.js', 'page.js', 'text/javascript'],
    ['/sw.js', 'sw.js', 'text/javascript'],
    ['/style.css', 'style.css', 'text/css'],
    ['/orders/42', 'order.html', 'text/html'],
    ['/orders/a%2Fb?track', 'order.html', 'text/html'],
  ])('%s is %s', async (path, name, type) => {
    const response = await world.request('GET', path)
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toContain(type)
    expect(await response.text()).toBe(await file(name))
  })

  test('the order page is asked for each time', async () => {
    const response = await world.request('GET', '/orders/42')
    expect(response.headers.get('Cache-Control')).toBe('no-store')
  })

  test.each(['/pushwell.global.js', '/pushwell-sw.global.js'])(
    '%s is what was built',
    async (path) => {
      const response = await world.request('GET', path)
      expect(response.headers.get('Content-Type')).toContain('text/javascript')
      expect(await response.text()).toMatch(/^var Pushwell/)
    },
  )

  test.each(['/nothing', '/..%2fserver/app.ts', '/%2e%2e/server/app.ts', '/../server/app.ts'])(
    '%s is not found',
    async (path) => {
      expect((await world.request('GET', path)).status).toBe(404)
    },
  )
})

test('each request is told of before it is answered', async () => {
  const seen: string[] = []
  await world.startWith({
    onRequest: ({ method, url }) => seen.push(`${method} ${new URL(url).pathname}`),
  })
  await world.request('GET', '/orders/42')
  await world.ship('')
  expect(seen).toEqual(['GET /orders/42', 'POST /orders/42/ship'])
})
