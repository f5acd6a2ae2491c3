import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** A port of this machine through which one browser reaches its push service, and can be cut off. */
export interface PushRelay {
  /** On 127.0.0.1. */
  readonly port: number
  /**
   * Offline every connection is dropped, and new ones get no answer until it is online again, as on
   * a network that is gone: a refusal would have the browser wait longer each time.
   */
  setOffline(offline: boolean): void
  close(): Promise<void>
}

/** Opens a relay to a port on 127.0.0.1. */
export async function openPushRelay(target: number): Promise<PushRelay> {
  const sockets = new Set<Socket>()
  const waiting = new Set<Socket>()
  let isOffline = false
  const serve = (socket: Socket): void => {
    const onward = keep(connect({ port: target, host: '127.0.0.1', noDelay: true }), sockets)
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      from.pipe(to)
      from.once('close', () => to.destroy())
    }
  }
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
    keep(socket, sockets).once('close', () => waiting.delete(socket))
    if (isOffline) waiting.add(socket)
    else serve(socket)
  })
  await listen(server)
  const drop = (): void => sockets.forEach((socket) => socket.destroy())
  return {
    port: (server.address() as AddressInfo).port,
    setOffline(offline) {
      if (offline && !isOffline) drop()
      isOffline = offline
      if (offline) return
      for (const socket of waiting) serve(socket)
      waiting.clear()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        drop()
      }),
  }
}

function keep(socket: Socket, sockets: Set<Socket>): Socket {
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
  // Whoever breaks a connection breaks it on both sides: that is all there is to an error.
  socket.on('error', () => socket.destroy())
  return socket
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
}
