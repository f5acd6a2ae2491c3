import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { generate } from 'selfsigned'
import { answerHttp1 } from './answer-http1.ts'
import { answerHttp2 } from './answer-http2.ts'

/** A push service with TLS in a process of its own, as far as a sender sees one. */
export interface TlsService extends AsyncDisposable {
  readonly url: string
  /** PEM: what its clients are to trust. */
  readonly certificate: string
}

/**
 * Starts one on 127.0.0.1 that speaks HTTP/2 and HTTP/1.1, and answers each request with 201. It does
 * no more than that takes: what it does, it takes from the senders, whose services have processors of
 * their own.
 */
export async function startTlsService(): Promise<TlsService> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  })
  const child = fork(import.meta.filename, { env: { CERT: cert, KEY: key } })
  const [port] = (await once(child, 'message')) as [number]
  return {
    url: `https://localhost:${port}/`,
    certificate: cert,
    [Symbol.asyncDispose]: () => stop(child),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill()
  await exit
}

function serve(cert: string, key: string): void {
  const server = createServer({ cert, key, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    socket.setNoDelay()
    // A sender that is done hangs up.
    socket.on('error', () => socket.destroy())
    if (socket.alpnProtocol === 'h2') answerHttp2(socket)
    else answerHttp1(socket)
  })
  server.listen(0, 'localhost', () => process.send?.((server.address() as AddressInfo).port))
  process.once('disconnect', () => process.exit())
}

const { CERT, KEY } = process.env
if (process.send && CERT && KEY) serve(CERT, KEY)
