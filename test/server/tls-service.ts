import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import {
  createServiceCertificate,
  type ServiceCertificate,
} from '../../src/testing/push-service/service-certificate.ts'

/** What the responses of both protocols have in common, as far as it is used. */
interface AnyResponse {
  writeHead(status: number, headers?: Readonly<Record<string, string>>): AnyResponse
  end(body?: string): unknown
}

/** A push service with TLS, as far as a sender sees one. */
export interface TlsService extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** The HTTP version of each request. */
  readonly versions: string[]
  readonly bodies: Buffer[]
  /** How many connections were made, also such that got no further. */
  connections: number
  /** How many of them are open. */
  open(): number
  /** How the next requests are answered; 201 at first. */
  respond: (response: AnyResponse) => void
  /** Ends every connection, as a service does that is restarted. */
  hangUp(): void
}

/** Makes a certificate for `localhost`, which this process then trusts: once, since all are alike. */
export async function trustedCertificate(): Promise<ServiceCertificate> {
  const made = await createServiceCertificate([])
  setDefaultCACertificates([...getCACertificates('default'), made.authority])
  return made
}

/** Starts one on 127.0.0.1. */
export async function startTlsService(
  protocol: 'h2' | 'http/1.1',
  { certificate: cert, privateKey: key }: ServiceCertificate,
): Promise<TlsService> {
  const answer = (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): void => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      service.versions.push(request.httpVersion)
      service.bodies.push(Buffer.concat(chunks))
      service.respond(response as AnyResponse)
    })
  }
  const server =
    protocol === 'h2'
      ? createSecureServer({ cert, key }, answer)
      : createServer({ cert, key }, answer)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    service.connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const service: TlsService = {
    url: `https://localhost:${port}/`,
    port,
    versions: [],
    bodies: [],
    connections: 0,
    open: () => sockets.size,
    respond: (response) => response.writeHead(201, { Location: '/m/1' }).end(),
    hangUp,
    async [Symbol.asyncDispose]() {
      hangUp()
      server.close()
      await once(server, 'close')
    },
  }
  return service
}
