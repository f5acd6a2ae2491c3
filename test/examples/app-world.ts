import type { Hono } from 'hono'
import { expect } from 'vitest'
import { createApp } from '../../examples/server/app.ts'
import {
  createMemoryStore,
  generateVapidKeys,
  type SubscriptionRecord,
  type SubscriptionStore,
} from '../../src/server/index.ts'
import { createFakeBrowser, type FakeBrowser } from '../server/fake-browser.ts'

type AppOptions = Parameters<typeof createApp>[0]

const origin = 'http://localhost:3000'
export const keys = await generateVapidKeys()

/** The app with a store of its own, and the push services that it sends to. */
export interface AppWorld {
  readonly store: SubscriptionStore
  /** What the push services answer, by the last part of the endpoint; 201 for the others. */
  answers: Record<string, number>
  /** The endpoints that were sent to, in order. */
  readonly sent: string[]
  /** Makes the app anew, and all requests go to that one then. */
  startWith(change: Partial<AppOptions>): Promise<void>
  /** What a page of the app itself sends. */
  request(method: string, path: string, init?: RequestInit): Promise<Response>
  /** @returns The visitor's cookie. */
  visit(): Promise<string>
  subscribe(cookie: string, name: string, applicationServerKey?: string): Promise<FakeBrowser>
  /** @returns The visitor's cookie with the user's. */
  signIn(cookie: string, user: string): Promise<string>
  ship(cookie: string, order?: string): Promise<Response>
  records(): Promise<SubscriptionRecord[]>
  /** Makes the app anew, and gives what it hands to the push services from then on. */
  sentBodies(): Promise<Uint8Array[]>
}

export async function openAppWorld(): Promise<AppWorld> {
  const store = createMemoryStore()
  let app: Hono
  const world: AppWorld = {
    store,
    answers: {},
    sent: [],
    async startWith(change) {
      app = await createApp({
        store,
        keys: async () => [keys],
        subject: 'mailto:ops@example.com',
        async fetch(url) {
          world.sent.push(url)
          const status = world.answers[url.split('/').at(-1) ?? ''] ?? 201
          return new Response(null, { status })
        },
        ...change,
      })
    },
    async request(method, path, init = {}) {
      const headers = { Origin: origin, ...(init.headers as Record<string, string>) }
      return app.request(`${origin}${path}`, { method, ...init, headers })
    },
    async visit() {
      const response = await world.request('GET', '/')
      return /^visitor=[^;]+/.exec(response.headers.get('Set-Cookie') ?? '')?.[0] ?? ''
    },
    async subscribe(cookie, name, applicationServerKey = keys.publicKey) {
      const browser = createFakeBrowser(`https://fcm.googleapis.com/fcm/send/${name}`)
      const { subscription } = browser
      const body = { version: 1, subscription, applicationServerKey, client: { sdk: 'test' } }
      const response = await world.request('PUT', '/push/subscriptions', {
        headers: { Cookie: cookie, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(response.status).toBe(200)
      return browser
    },
    async signIn(cookie, user) {
      const response = await world.request('POST', '/session', {
        headers: { Cookie: cookie, 'Content-Type': 'application/json' },
        body: JSON.stringify({ user }),
      })
      expect(response.status).toBe(200)
      return `${cookie}; ${response.headers.get('Set-Cookie')?.split(';')[0]}`
    },
    ship: (cookie, order = '42') =>
      world.request('POST', `/orders/${order}/ship`, { headers: { Cookie: cookie } }),
    records: () => Array.fromAsync(store.list()),
    async sentBodies() {
      const bodies: Uint8Array[] = []
      await world.startWith({
        async fetch(url, { body }) {
          world.sent.push(url)
          bodies.push(body as Uint8Array)
          return new Response(null, { status: 201 })
        },
      })
      return bodies
    },
  }
  await world.startWith({})
  return world
}

/** Reads a message as the browser does that it went to. */
export function readBy(
  browser: FakeBrowser,
  body: Uint8Array | undefined,
): Record<string, unknown> {
  return JSON.parse(browser.decrypt(body ?? new Uint8Array()))
}
