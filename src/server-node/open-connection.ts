import { request as requestOverHttps } from 'node:https'
import { isIP, type LookupFunction, connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { nodeHttp } from './node-http.ts'

/** How a connection to a push service is opened. */
export interface ConnectionOptions {
  /** The push service's origin. */
  readonly url: URL
  /** Of TLS: what is offered, the first preferred. */
  readonly protocols: readonly ('h2' | 'http/1.1')[]
  /** Resolves the host's name, when no proxy does. */
  readonly lookup: LookupFunction | undefined
  readonly proxy: URL | undefined
  readonly timeoutMs: number
}

/** Opens a connection: TCP, by way of the proxy if there is one, and TLS where the URL says so. */
export async function openConnection(options: ConnectionOptions): Promise<Socket> {
  const { url, protocols, timeoutMs, proxy } = options
  const host = withoutBrackets(url)
  const isSecure = url.protocol === 'https:'
  const port = Number(url.port) || (isSecure ? 443 : 80)
  const lookup = options.lookup && { lookup: options.lookup }
  const tunnel = proxy && { socket: await openTunnel(proxy, `${url.hostname}:${port}`, timeoutMs) }
  const servername = isIP(host) ? '' : host
  const socket = isSecure
    ? connectTls({ host, port, servername, ALPNProtocols: [...protocols], ...lookup, ...tunnel })
    : (tunnel?.socket ?? connectTcp({ host, port, ...lookup }))
  if (socket === tunnel?.socket) return socket
  await opened(socket, isSecure ? 'secureConnect' : 'connect', timeoutMs)
  return socket.setNoDelay()
}

function opened(socket: Socket, event: string, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(connectTimeout()), timeoutMs)
    socket.once(event, () => {
      clearTimeout(timer)
      socket.off('error', reject)
      resolve()
    })
    socket.once('error', reject)
    socket.once('close', () => clearTimeout(timer))
  })
}

/** Has the proxy connect (RFC 9110 §9.3.6). */
function openTunnel(proxy: URL, authority: string, timeoutMs: number): Promise<Socket> {
  const request = proxy.protocol === 'https:' ? requestOverHttps : nodeHttp().request
  const { username, password } = proxy
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
  return new Promise((resolve, reject) => {
    const connecting = request({
      method: 'CONNECT',
      host: withoutBrackets(proxy),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      path: authority,
      agent: false,
      timeout: timeoutMs,
      headers: { host: authority, ...(username && { 'proxy-authorization': authorization }) },
    })
    connecting.once('timeout', () => connecting.destroy(connectTimeout()))
    connecting.once('error', reject)
    connecting.once('response', ({ statusCode }) => {
      connecting.destroy(new Error(`The proxy answered ${statusCode}.`))
    })
    connecting.once('connect', ({ statusCode }, socket: Socket) => {
      if (statusCode === 200) return resolve(socket)
      socket.destroy()
      return reject(new Error(`The proxy answered ${statusCode}.`))
    })
    connecting.end()
  })
}

/** As a socket takes the address of IPv6. */
function withoutBrackets({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function connectTimeout(): DOMException {
  return new DOMException('The push service could not be connected to in time.', 'TimeoutError')
}
