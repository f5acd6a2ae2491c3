import { once } from 'node:events'
import { createServer as createTcpServer } from 'node:net'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import type { ServiceCertificate } from './service-certificate.ts'

/** The first octet of every TLS connection: the record type "handshake" (RFC 8446 §5.1). */
const tlsHandshake = 0x16

/** Beyond these a connection is closed as soon as it is made. */
const maxOpenConnections = 10_000

/** One TCP port that takes plain and TLS connections alike. */
export interface SharedPort {
  readonly port: number
  /** Takes a connection that came another way as if it had come to the port. */
  take(connection: Duplex): void
  /** Stops listening and destroys every connection. */
  close(): Promise<void>
}

/** What {@link openSharedPort} listens on, and for whom. */
export interface SharedPortOptions {
  /** 0 for any free one. */
  readonly port: number
  readonly certificate: ServiceCertificate
  /** How long a peer may take for its first octet, and for the TLS handshake. */
  readonly timeoutMs: number
  /**
   * Gets each connection, already decrypted, with nothing of it read.
   *
   * @param firstOctet - What the peer said first; inside TLS when that is spoken.
   */
  readonly serve: (connection: Duplex, firstOctet: number) => void
}

/**
 * Listens on 127.0.0.1 and tells TLS from plain connections by their first octet.
 *
 * @throws The error of `listen`, as when the port is taken.
 */
export async function openSharedPort({
  port,
  certificate: { certificate, privateKey },
  timeoutMs,
  serve,
}: SharedPortOptions): Promise<SharedPort> {
  const sockets = new Set<Socket>()
  const tlsOptions = { key: privateKey, cert: certificate, handshakeTimeout: timeoutMs }
  const tls = createTlsServer(tlsOptions, (connection) => passOn(connection, timeoutMs, serve))
  // A handshake that fails or takes too long: Node reports it, and leaves the connection open.
  tls.on('tlsClientError', (_, connection) => connection.destroy())
  const take = (connection: Duplex): void =>
    passOn(connection, timeoutMs, (socket, first) => {
      if (first === tlsHandshake) tls.emit('connection', socket)
      else serve(socket, first)
    })
  const tcp = createTcpServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    take(socket)
  })
  tcp.maxConnections = maxOpenConnections
  tcp.listen(port, '127.0.0.1')
  await once(tcp, 'listening')
  const address = tcp.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    take,
    close() {
      const closed = new Promise<void>((resolve) => tcp.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      return closed
    },
  }
}

function passOn(
  connection: Duplex,
  timeoutMs: number,
  to: (connection: Duplex, firstOctet: number) => void,
): void {
  const timer = setTimeout(() => connection.destroy(), timeoutMs)
  connection.once('close', () => clearTimeout(timer))
  // A connection that breaks is its peer's business; without a listener it would end the process.
  connection.on('error', () => connection.destroy())
  connection.once('data', (first: Buffer) => {
    clearTimeout(timer)
    connection.pause()
    connection.unshift(first)
    to(connection, first[0] ?? 0)
    process.nextTick(() => connection.resume())
  })
}
