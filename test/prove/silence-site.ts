import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'puppeteer-core'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import { answerSilence } from './answer-silence.ts'

/** The site whose worker the silence campaign runs in a browser. */
export interface SilenceSite extends AsyncDisposable {
  readonly origin: string
}

const scripts: Readonly<Record<string, URL>> = {
  '/silence-worker.js': new URL('../browser/fixtures/silence-worker.js', import.meta.url),
  '/pushwell-sw.global.js': new URL('../../dist/pushwell-sw.global.js', import.meta.url),
}

/** What a request that hangs keeps of the six connections that a browser has for a site. */
const hangMs = 6000

/** Serves the worker, and a network that fails. */
export async function startSilenceSite(): Promise<SilenceSite> {
  const answer = async (url: string, response: ServerResponse) => {
    const script = scripts[new URL(url, 'http://localhost').pathname]
    const isPage = url === '/'
    if (script ?? isPage) {
      response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript')
      response.end(script ? await readFile(script) : '<!doctype html><title>Silence</title>')
      return
    }
    const given = await answerSilence(url)
    if (given === 'cut') response.destroy()
    else if (given === 'hang') setTimeout(() => response.destroy(), hangMs).unref()
    else {
      response.writeHead(given.status, Object.fromEntries(given.headers))
      response.end(await given.text())
    }
  }
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Registers the worker and subscribes; the page is at the site. */
export function subscribeSilently(
  page: Page,
  applicationServerKey: string,
  deadlineMs: number,
): Promise<PushSubscriptionData> {
  return page.evaluate(
    async (key, deadline) => {
      await navigator.serviceWorker.register(`/silence-worker.js?deadline=${deadline}`)
      const { pushManager } = await navigator.serviceWorker.ready
      const options = { userVisibleOnly: true, applicationServerKey: key }
      return (await pushManager.subscribe(options)).toJSON() as PushSubscriptionData
    },
    applicationServerKey,
    deadlineMs,
  )
}

/**
 * Tells the worker what its world shall be like, or has it wait.
 *
 * @returns The longest that a push had to wait for its notification in this world, where the browser
 * has one push at a time.
 */
export async function tellWorker(page: Page, silence: object): Promise<{ slowestMs: number }> {
  const answer = await page.evaluate(async (told) => {
    const { active } = await navigator.serviceWorker.ready
    const { port1, port2 } = new MessageChannel()
    return new Promise<{ slowestMs: number } | null>((resolve) => {
      port1.addEventListener('message', ({ data }) => resolve(data as { slowestMs: number } | null))
      port1.start()
      active?.postMessage({ silence: told }, [port2])
    })
  }, silence)
  if (answer === null) throw new Error('The worker could not do what it was told.')
  return answer
}
