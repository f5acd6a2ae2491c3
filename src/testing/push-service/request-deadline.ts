import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Closes every connection of an HTTP server that takes too long over a request, however busily it
 * trickles: from the connection, or from the last answer on it, to the last octet of the request.
 *
 * Node has limits of its own, but they work on a server that listens itself.
 */
export function limitRequestTime(http: Server, timeoutMs: number): void {
  const timers = new WeakMap<Duplex, NodeJS.Timeout>()
  const disarm = (socket: Duplex) => clearTimeout(timers.get(socket))
  const arm = (socket: Duplex) => {
    disarm(socket)
    if (socket.destroyed) return
    timers.set(
      socket,
      setTimeout(() => socket.destroy(), timeoutMs),
    )
  }
  http.on('connection', (socket: Duplex) => {
    arm(socket)
    socket.once('close', () => disarm(socket))
  })
  http.on('request', (request, response) => {
    request.once('end', () => disarm(request.socket))
    response.once('finish', () => arm(request.socket))
  })
  http.on('upgrade', (_, socket) => disarm(socket))
  http.on('connect', (_, socket) => disarm(socket))
}
