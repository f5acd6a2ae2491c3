import { createHash, randomUUID, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Server as TcpServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { generate } from 'selfsigned'
import { WebSocketServer } from 'ws'
import type { BrowserPushService } from '../../src/testing/index.ts'
import { serveBareAutopush } from './autopush.ts'
import type { Subscribers } from './deliver.ts'
import { bareCheckin, type BareRegistration, serveBareMcs } from './mcs.ts'

/** The least that both browsers take for a push service. */
export interface BarePushService extends BrowserPushService, AsyncDisposable {
  readonly url: string
}

/**
 * Starts the push service that {@link startPushService} is measured against: for one browser, with
 * no checks, no store and no receipts. A message is sent on before its sender is answered.
 */
export async function startBarePushService(): Promise<BarePushService> {
  const subscribers: Subscribers = new Map()
  let connection: ReturnType<typeof serveBareMcs> | undefined
  const { cert, private: key } = await generate(undefined, { keyType: 'ec', curve: 'P-256' })
  const mcs = createTlsServer({ cert, key }, (socket) => {
    socket.on('error', () => socket.destroy())
    connection = serveBareMcs(socket)
  })
  const http = createServer((request, response) => {
    readBody(request).then(
      (body) => {
        const own = answer(request.url ?? '', body)
        return own === null ? response.writeHead(201).end() : response.end(own)
      },
      () => response.destroy(),
    )
  })

  /** `null` for a message, which is 201 to its sender; to Chromium only 200 is an answer. */
  function answer(url: string, body: Buffer): string | Uint8Array | null {
    if (url === '/checkin') return bareCheckin()
    if (url === '/register') return register(new URLSearchParams(body.toString()))
    subscribers.get(url.slice(url.lastIndexOf('/') + 1))?.(body)
    return null
  }

  function register(form: URLSearchParams): string {
    const token = randomUUID()
    const registration: BareRegistration = {
      app: form.get('app') ?? '',
      subtype: form.get('X-subtype') ?? '',
      sender: form.get('sender') ?? '',
    }
    subscribers.set(token, (body) => connection?.(registration)(body))
    return `token=${token}`
  }

  const [port, mcsPort] = [await listen(http), await listen(mcs)]
  const url = `http://localhost:${port}`
  new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket) =>
    serveBareAutopush(socket, { origin: url, subscribers }),
  )
  return {
    url,
    firefoxPreferences: () => ({
      'dom.push.serverURL': `ws://127.0.0.1:${port}/`,
      'dom.push.testing.allowInsecureServerURL': true,
      'dom.push.connection.enabled': true,
    }),
    chromiumSwitches: () => [
      `--gcm-checkin-url=http://127.0.0.1:${port}/checkin`,
      `--gcm-registration-url=http://127.0.0.1:${port}/register`,
      `--gcm-mcs-endpoint=https://127.0.0.1:${mcsPort}`,
      `--ignore-certificate-errors-spki-list=${keyHash(cert)}`,
    ],
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      await Promise.all([close(http), close(mcs)])
    },
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function keyHash(certificate: string): string {
  const { publicKey } = new X509Certificate(certificate)
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
}

async function listen(server: Server | TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function close(server: Server | TcpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}
