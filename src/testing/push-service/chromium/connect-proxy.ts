import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { chromiumOrigins } from './endpoint.ts'

const refusal =
  'This proxy leads to the local push service only: to its own endpoints and to those of Chromium.\n'

/** What the proxy leads to. */
export interface ConnectProxyOptions {
  /** Where the service answers, on `localhost`. */
  readonly port: number
  /** Serves a connection to the service, of which nothing has been read. */
  readonly serve: (socket: Duplex) => void
}

/**
 * Makes an HTTP server a proxy too: `CONNECT` to a host of push endpoints gives a connection to the
 * service itself; any other host is answered 403. Nothing leaves the machine.
 */
export function attachConnectProxy(http: Server, { port, serve }: ConnectProxyOptions): void {
  const targets = new Set([
    ...chromiumOrigins.map((origin) => `${new URL(origin).host}:443`),
    `localhost:${port}`,
    `127.0.0.1:${port}`,
  ])
  http.on('connect', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (!targets.has((request.url ?? '').toLowerCase())) return refuse(socket)
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    if (head.length > 0) socket.unshift(head)
    serve(socket)
  })
}

function refuse(socket: Duplex): void {
  const headers = `Content-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(refusal)}`
  // Many clients show the status line alone.
  const status = 'HTTP/1.1 403 Not a host of this push service'
  socket.end(`${status}\r\n${headers}\r\nConnection: close\r\n\r\n${refusal}`)
}
