import { expect } from 'vitest'
import type { PushSender, PushSenderOptions } from '../../src/server/index.ts'
import { type senders, vapid } from './both-senders.ts'
import { createFakeBrowser, type FakeBrowser } from './fake-browser.ts'
import { type LocalPushService, startLocalPushService } from './local-push-service.ts'

/** A browser, its push service, and whoever sends to it. */
export interface SendingWorld {
  /** It is closed after each test. */
  service: LocalPushService
  readonly browser: FakeBrowser
  /** Makes a sender that may send to the service. */
  createSender(options?: Partial<PushSenderOptions>): PushSender
  /** What the browser reads of the first request. */
  received(): string
}

/** Starts one. */
export async function startSendingWorld(
  createPushSender: (typeof senders)[number][1],
): Promise<SendingWorld> {
  const service = await startLocalPushService()
  const browser = createFakeBrowser(`${service.url}push/secret-token-0123456789`)
  const world: SendingWorld = {
    service,
    browser,
    createSender: (options = {}) =>
      createPushSender({ vapid, endpoints: (url) => url.hostname === '127.0.0.1', ...options }),
    received() {
      const [request] = world.service.requests
      return request ? browser.decrypt(request.body) : expect.unreachable('nothing arrived')
    },
  }
  return world
}
