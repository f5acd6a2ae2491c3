import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startPushService } from '../../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../../src/testing/push-service/index.ts'
import { authorize, createVapidKeys } from '../vapid-authorization.ts'
import { subscribe } from './chromium-client.ts'

let service: PushService
let folder: string

beforeEach(async () => {
  service = await startPushService()
  folder = await mkdtemp(join(tmpdir(), 'pushwell-proxy-'))
})

afterEach(async () => {
  await service.close()
  await rm(folder, { recursive: true })
})

/** Sends from a process that knows the proxy and the authority from its environment alone. */
async function postFromAnotherProcess(endpoint: string, headers: Record<string, string>) {
  const authority = join(folder, 'authority.pem')
  await writeFile(authority, service.certificate)
  const script = `
    const response = await fetch(${JSON.stringify(endpoint)}, ${JSON.stringify({ method: 'POST', headers })})
    console.log(response.status)`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', script],
    {
      env: {
        NODE_USE_ENV_PROXY: '1',
        HTTPS_PROXY: service.proxyUrl,
        NODE_EXTRA_CA_CERTS: authority,
      },
    },
  )
  return Number(stdout)
}

type ProxyAnswer = [response: IncomingMessage, socket: Duplex, head: Buffer]

/** Asks the proxy for a connection. */
async function connectTo(target: string) {
  const { hostname, port } = new URL(service.proxyUrl)
  const outgoing = request({ method: 'CONNECT', host: hostname, port, path: target }).end()
  const [response, socket, head] = (await once(outgoing, 'connect')) as ProxyAnswer
  socket.unshift(head)
  return { status: response.statusCode, socket }
}

describe('the proxy', () => {
  test.each(['https://jmt17.google.com/fcm/send/', 'https://fcm.googleapis.com/wp/'])(
    'brings %s… here, for a sender that has nothing but its environment',
    async (base) => {
      const keys = await createVapidKeys()
      const token = (await subscribe(service, keys.publicKey)).split('/').at(-1)
      const endpoint = `${base}${token}`
      const headers = { ttl: '60', authorization: await authorize(endpoint, keys) }
      expect(await postFromAnotherProcess(endpoint, headers)).toBe(201)
      expect(service.messages).toHaveLength(1)
    },
  )

  test.each([
    'example.com:443',
    'fcm.googleapis.com:80',
    'fcm.googleapis.com:443@example.com:443',
    'localhost:1',
    '127.0.0.1:22',
    '',
  ])('refuses %j with 403 and the reason', async (target) => {
    const { status, socket } = await connectTo(target)
    expect(status).toBe(403)
    expect(await text(socket)).toContain('local push service only')
  })

  test('leads to the service itself', async () => {
    const { port } = new URL(service.url)
    const { status, socket } = await connectTo(`localhost:${port}`)
    expect(status).toBe(200)
    socket.write('POST /wpush/v1/none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1.1 404 /)
  })

  test('takes what a sender says without waiting for the answer', async () => {
    const { port } = new URL(service.url)
    const socket = connect(Number(port), '127.0.0.1')
    const inner = 'POST /wpush/v1/none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    socket.write(`CONNECT localhost:${port} HTTP/1.1\r\nHost: localhost\r\n\r\n${inner}`)
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 [^]*HTTP\/1.1 404 /)
  })
})
