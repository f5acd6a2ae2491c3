import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import {
  createServiceCertificate,
  type ServiceCertificate,
} from '../../src/testing/push-service/service-certificate.ts'
import { createRandom } from './random.ts'

/** A push service in a process of its own, so that its memory and time are not the sender's. */
export interface SinkProcess extends AsyncDisposable {
  /** `https://localhost:…` */
  readonly origin: string
  /** PEM: what its clients are to trust. */
  readonly authority: string
}

interface Start extends ServiceCertificate {
  readonly seed: number
}

/**
 * Starts one on 127.0.0.1 that speaks HTTP/2. It takes most messages, has lost one subscription in
 * fifty, and is busy for one request in a hundred.
 */
export async function startSinkProcess(seed: number): Promise<SinkProcess> {
  const made = await createServiceCertificate([])
  const child = fork(import.meta.filename, { env: { PUSHWELL_PROOF_SINK: '1' } })
  child.send({ ...made, seed } satisfies Start)
  const [port] = (await once(child, 'message')) as [number]
  return {
    origin: `https://localhost:${port}`,
    authority: made.authority,
    [Symbol.asyncDispose]: () => stop(child),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill()
  await exit
}

function serve({ certificate: cert, privateKey: key, seed }: Start): void {
  const random = createRandom(seed)
  const server = createSecureServer({ cert, key }, (request, response) => {
    request.resume()
    request.once('end', () => {
      const chance = random.below(100)
      if (chance === 2) response.writeHead(429, { 'retry-after': '0' }).end()
      else response.writeHead(chance < 2 ? 410 : 201).end()
    })
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  process.once('disconnect', () => process.exit())
}

if (process.env['PUSHWELL_PROOF_SINK'] && process.send) process.once('message', serve)
