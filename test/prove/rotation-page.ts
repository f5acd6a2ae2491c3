import type { Page } from 'puppeteer-core'
import type { PushClient, PushClientOptions } from '../../src/client/index.ts'

/** How the devices of a page are made. */
export interface DeviceOptions {
  /** The scopes of their registrations, as paths: each is a device of its own. */
  readonly scopes: readonly string[]
  readonly applicationServerKey: string
  readonly settleMs: number
}

/** One registration, as the browser has it. */
export interface DeviceView {
  /** As a path. */
  readonly scope: string
  readonly endpoint: string | null
}

/** What `page.js` leaves on the page. */
interface RotationWindow {
  readonly Pushwell: { createPushClient(options: PushClientOptions): PushClient }
}

/**
 * Makes a client for each scope, and has each do what an app does when it loads; with `subscribes`,
 * what it does when its user wants pushes, and the scope is the row's tag.
 */
export async function openDevices(
  page: Page,
  options: DeviceOptions & { readonly subscribes?: boolean },
): Promise<void> {
  await page.evaluate(
    async ({ scopes, subscribes, ...rest }) => {
      const { Pushwell } = window as unknown as RotationWindow
      const clients = scopes.map((scope) =>
        Pushwell.createPushClient({
          serviceWorker: { url: '/sw.js', scope },
          sync: { url: '/push', heartbeatMs: 0 },
          ...rest,
        }),
      )
      for (const [index, client] of clients.entries()) {
        await client.prepare()
        if (!subscribes) continue
        await client.enable()
        await client.setTags({ add: [scopes[index] ?? ''] })
      }
    },
    { ...options },
  )
}

/** Reads what the browser has of the origin. */
export function viewDevices(page: Page): Promise<DeviceView[]> {
  return page.evaluate(async () =>
    Promise.all(
      (await navigator.serviceWorker.getRegistrations()).map(async (registration) => ({
        scope: new URL(registration.scope).pathname,
        endpoint: (await registration.pushManager.getSubscription())?.endpoint ?? null,
      })),
    ),
  )
}
