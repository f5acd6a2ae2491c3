import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What came for one subscription. */
export interface SunkMessages {
  readonly count: number
  /** Milliseconds since 1970. */
  readonly lastAt: number
  /** The body of the first. */
  readonly body: Buffer
}

/** A push service that keeps nothing of a message but how often it came. */
export interface PushSink extends AsyncDisposable {
  /** `http://127.0.0.1:…` */
  readonly origin: string
  /** By the path of the endpoint. */
  readonly received: Map<string, SunkMessages>
}

/**
 * Starts one on a free port of 127.0.0.1.
 *
 * @param statusOf - What it answers for a path when it is asked for the first, second … time.
 * @param perSecond - How many it answers in a second at the most.
 */
export async function startPushSink(
  statusOf: (path: string, time: number) => number,
  perSecond = Infinity,
): Promise<PushSink> {
  const received: PushSink['received'] = new Map()
  let free = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const now = Date.now()
      const { url = '' } = request
      const count = (received.get(url)?.count ?? 0) + 1
      const body = received.get(url)?.body ?? Buffer.concat(chunks)
      received.set(url, { count, lastAt: now, body })
      const answer = () => response.writeHead(statusOf(url, count)).end()
      free = Math.max(now, free) + 1000 / perSecond
      if (free - now < 1) answer()
      else setTimeout(answer, free - now)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
