import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as it arrived. */
export interface ReceivedRequest {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** An HTTP server in the place of a push service. */
export interface LocalPushService {
  /** `http://127.0.0.1:…/`, with a slash at the end. */
  readonly url: string
  /** All that has arrived, in order. */
  readonly requests: ReceivedRequest[]
  /** How the next requests are answered; 201 at first. */
  respond: (response: ServerResponse) => void
  close(): Promise<void>
}

/** Starts one on a free port of 127.0.0.1. */
export async function startLocalPushService(): Promise<LocalPushService> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, url: path, headers } = request
      service.requests.push({ method, path, headers, body: Buffer.concat(chunks) })
      service.respond(response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const service: LocalPushService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests: [],
    respond: (response) => response.writeHead(201, { Location: '/m/1' }).end(),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return service
}
