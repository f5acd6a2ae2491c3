import { expect } from 'vitest'
import {
  createMemoryStore,
  createSubscriptionHandler,
  generateVapidKeys,
  subscriptionId,
  type SubscriptionHandler,
  type SubscriptionHandlerOptions,
  type SubscriptionRecord,
  type SubscriptionStore,
} from '../../src/server/index.ts'
import { createFakeBrowser } from './fake-browser.ts'

export const { publicKey: applicationServerKey } = await generateVapidKeys()
/** One that subscriptions were made with before. */
export const { publicKey: otherKey } = await generateVapidKeys()
export const endpoint = 'https://push.example.net/p/one'
export const { subscription } = createFakeBrowser(endpoint)
export const id = await subscriptionId(endpoint)
export const client = { sdk: 'pushwell/0.1.0', language: 'de-AT' }

/** A subscription handler in front of a store of its own. */
export interface HandlerWorld {
  /** What the next handler is given. */
  store: SubscriptionStore
  now: number
  /** Makes the handler anew, and all requests go to that one then. */
  handleWith(options: Partial<SubscriptionHandlerOptions>): SubscriptionHandler
  call(method: string, path: string, init?: RequestInit): Promise<Response>
  /** Tells of the subscription, as whoever the user is. */
  put(change?: object, user?: string): Promise<Response>
  records(): Promise<SubscriptionRecord[]>
}

/** Makes one whose handler goes by the user that a header names. */
export function createHandlerWorld(): HandlerWorld {
  let handler: SubscriptionHandler
  const world: HandlerWorld = {
    store: createMemoryStore(),
    now: 1_800_000_000_000,
    handleWith(options) {
      handler = createSubscriptionHandler({
        store: world.store,
        applicationServerKey,
        authorize: (request) => ({ recipient: request.headers.get('X-User') }),
        now: () => world.now,
        ...options,
      })
      return handler
    },
    call: (method, path, init = {}) =>
      handler(new Request(`https://app.example${path}`, { method, ...init })),
    put(change = {}, user) {
      const headers = { 'Content-Type': 'application/json', ...(user && { 'X-User': user }) }
      const body = { version: 1, subscription, applicationServerKey, tags: ['news'], client }
      return world.call('PUT', '/push/subscriptions', {
        headers,
        body: JSON.stringify({ ...body, ...change }),
      })
    },
    records: () => Array.fromAsync(world.store.list()),
  }
  world.handleWith({})
  return world
}

/** Expects a problem that names its kind, and no more than that. */
export async function expectProblem(
  response: Response,
  status: number,
  problem: object,
): Promise<void> {
  expect(response.status).toBe(status)
  expect(response.headers.get('Content-Type')).toBe('application/problem+json')
  expect(await response.json()).toMatchObject({ type: 'about:blank', status, ...problem })
}
