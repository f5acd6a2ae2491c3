import 'fake-indexeddb/auto'
import {
  createPushClient,
  type PushClient,
  type PushClientOptions,
} from '../../src/client/index.ts'
import { createFakePage, fakeKey, type FakePage } from './fake-page-platform.ts'

/** A page and one client on it, as after a load. */
export interface StartedClient {
  readonly page: FakePage
  readonly push: PushClient
}

/** Makes a client on a page, a new one by default, with the first key and a backend. */
export function start(
  page: FakePage = createFakePage(),
  options: Partial<PushClientOptions> = {},
): StartedClient {
  const push = createPushClient(
    {
      applicationServerKey: fakeKey(1),
      serviceWorker: '/sw.js',
      sync: { url: 'https://app.example/push' },
      timeoutMs: 200,
      ...options,
    },
    page.platform,
  )
  return { page, push }
}

/** A page whose user has enabled pushes before, and the client of its next load. */
export async function enabledBefore(
  options: Partial<PushClientOptions> = {},
): Promise<StartedClient> {
  const first = start(createFakePage(), options)
  await first.push.enable()
  first.page.requests.length = 0
  return start(first.page, options)
}

/** The endpoint of the fake browser's subscription with this name: its number, from 1 on. */
export function endpoint(name: string): string {
  return `https://push.example/${name}`
}
