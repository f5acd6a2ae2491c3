import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { constants, type Http2ServerResponse } from 'node:http2'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { PushRequest } from '../../src/server/index.ts'
import { createNodeTransport } from '../../src/server-node/node-transport.ts'
import { startTlsService, type TlsService, trustedCertificate } from './tls-service.ts'

const certificate = await trustedCertificate()
const anywhere = (): boolean => true

function requestTo({ url }: TlsService, more: Partial<PushRequest> = {}): PushRequest {
  const body = new TextEncoder().encode('sealed')
  return { endpoint: `${url}p/1?k=2`, headers: { TTL: '60' }, body, timeoutMs: 5000, ...more }
}

describe.each([
  ['h2', '2.0'],
  ['http/1.1', '1.1'],
] as const)('to a service that speaks %s', (protocol, version) => {
  test('requests go out in its protocol, and connections are used again', async () => {
    await using service = await startTlsService(protocol, certificate)
    const post = createNodeTransport({ endpoints: anywhere, proxy: undefined })
    for (let time = 0; time < 5; time++) {
      const { httpStatus, header } = await post(requestTo(service))
      expect([httpStatus, header('location'), header('retry-after')]).toEqual([201, '/m/1', null])
    }
    expect(service.versions).toEqual(Array(5).fill(version))
    expect(service.bodies.map(String)).toEqual(Array(5).fill('sealed'))
    expect(service.connections).toBe(1)
  })

  test('many at a time share few connections', async () => {
    await using service = await startTlsService(protocol, certificate)
    const post = createNodeTransport({ endpoints: anywhere, proxy: undefined })
    await Promise.all(Array.from({ length: 200 }, () => post(requestTo(service))))
    expect(service.versions).toHaveLength(200)
    expect(service.connections).toBeLessThanOrEqual(protocol === 'h2' ? 2 : 32)
  })

  test('a service that hung up is connected to again', async () => {
    await using service = await startTlsService(protocol, certificate)
    const post = createNodeTransport({ endpoints: anywhere, proxy: undefined })
    await post(requestTo(service))
    service.hangUp()
    await expect
      .poll(() =>
        post(requestTo(service)).then(
          ({ httpStatus }) => httpStatus,
          () => 0,
        ),
      )
      .toBe(201)
    expect(service.connections).toBeGreaterThan(1)
  })

  test('silence ends with the time, and with the signal', async () => {
    await using service = await startTlsService(protocol, certificate)
    const post = createNodeTransport({ endpoints: anywhere, proxy: undefined })
    service.respond = () => {}
    await expect(post(requestTo(service, { timeoutMs: 50 }))).rejects.toMatchObject({
      name: 'TimeoutError',
    })
    const controller = new AbortController()
    service.respond = () => controller.abort(new Error('enough'))
    const { signal } = controller
    await expect(post(requestTo(service, { signal }))).rejects.toThrow('enough')
  })

  test('a redirect is an answer, and a long body is cut', async () => {
    await using service = await startTlsService(protocol, certificate)
    const post = createNodeTransport({ endpoints: anywhere, proxy: undefined })
    service.respond = (response) => {
      response.writeHead(307, { Location: service.url }).end('x'.repeat(100_000))
    }
    const { httpStatus, body } = await post(requestTo(service))
    expect(httpStatus).toBe(307)
    expect(body.length).toBeGreaterThan(4096)
    expect(body.length).toBeLessThan(70_000)
    expect(service.versions).toHaveLength(1)
  })

  test('a proxy connects, with the credentials of its URL', async () => {
    await using service = await startTlsService(protocol, certificate)
    const asked: unknown[] = []
    const proxy = createServer()
    proxy.on('connect', ({ url, headers }, socket) => {
      asked.push([url, headers['proxy-authorization']])
      const onward = connect(service.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
      for (const end of [socket, onward]) end.on('error', () => onward.destroy())
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    const { port } = proxy.address() as AddressInfo
    const url = new URL(`http://me:s%20cret@127.0.0.1:${port}`)
    const post = createNodeTransport({ endpoints: anywhere, proxy: () => url })
    const credentials = `Basic ${Buffer.from('me:s cret').toString('base64')}`
    expect((await post(requestTo(service))).httpStatus).toBe(201)
    expect(asked).toEqual([[`localhost:${service.port}`, credentials]])
    service.hangUp()
    proxy.close()
  })
})

test('a proxy may have an address of IPv6', async ({ skip }) => {
  const proxy = createServer()
  const asked: unknown[] = []
  proxy.on('connect', ({ url }, socket) => {
    asked.push(url)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  proxy.listen(0, '::1')
  const isThere = await once(proxy, 'listening').then(
    () => true,
    () => false,
  )
  if (!isThere) skip('This machine has no IPv6.')
  const { port } = proxy.address() as AddressInfo
  const url = new URL(`http://[::1]:${port}`)
  const post = createNodeTransport({ endpoints: anywhere, proxy: () => url })
  const endpoint = 'https://push.example.org/p'
  await expect(post({ endpoint, headers: {}, body: null, timeoutMs: 5000 })).rejects.toThrow(
    'The proxy answered 403.',
  )
  expect(asked).toEqual(['push.example.org:443'])
  proxy.close()
})

describe('connections are kept to 200 origins', () => {
  test.each(['h2', 'http/1.1'] as const)(
    'over %s, and those that were used last are kept',
    async (protocol) => {
      const services: TlsService[] = []
      for (let index = 0; index < 210; index++) {
        services.push(await startTlsService(protocol, certificate))
      }
      const post = createNodeTransport({ endpoints: anywhere, proxy: undefined })
      const first = services[0] as TlsService
      for (const service of services) {
        await post(requestTo(service))
        await post(requestTo(first))
      }
      const open = (): number => services.filter((service) => service.open() > 0).length
      await expect.poll(open).toBe(200)
      expect(first.connections).toBe(1)
      await Promise.all(services.map((service) => post(requestTo(service))))
      await expect.poll(open).toBe(200)
      for (const service of services) await service[Symbol.asyncDispose]()
    },
    30_000,
  )
})

describe('a request that the service did nothing about is made once more', () => {
  test('on another session, when a GOAWAY leaves it out', async () => {
    await using service = await startTlsService('h2', certificate)
    const post = createNodeTransport({ endpoints: anywhere, proxy: undefined })
    const { respond } = service
    await post(requestTo(service))
    service.respond = (response) => {
      service.respond = respond
      const { stream } = response as Http2ServerResponse
      stream.session?.goaway(constants.NGHTTP2_NO_ERROR, stream.id)
      respond(response)
    }
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(requestTo(service))))
    expect(answers.map(({ httpStatus }) => httpStatus)).toEqual(Array(10).fill(201))
    expect(service.connections).toBe(2)
  })

  test('on another connection, when the one that was kept is reset', async () => {
    await using service = await startTlsService('http/1.1', certificate)
    const post = createNodeTransport({ endpoints: anywhere, proxy: undefined })
    await post(requestTo(service))
    const { respond } = service
    service.respond = (response) => {
      service.respond = respond
      ;(response as ServerResponse).req.socket.destroy()
    }
    expect((await post(requestTo(service))).httpStatus).toBe(201)
    expect(service.connections).toBe(2)
  })

  test('and no more than once', async () => {
    await using service = await startTlsService('h2', certificate)
    const post = createNodeTransport({ endpoints: anywhere, proxy: undefined })
    service.respond = (response) => {
      ;(response as Http2ServerResponse).stream.close(constants.NGHTTP2_REFUSED_STREAM)
    }
    await expect(post(requestTo(service))).rejects.toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' })
    expect(service.versions).toHaveLength(2)
  })
})

describe.each(['NGHTTP2_CANCEL', 'NGHTTP2_NO_ERROR', 'NGHTTP2_INTERNAL_ERROR'] as const)(
  'a stream that the service closes with %s is not waited for',
  (code) => {
    test.each([
      ['before it has answered', undefined, 'failed'],
      ['after its status', 201, 201],
    ])('%s', async (_, httpStatus, expected) => {
      await using service = await startTlsService('h2', certificate)
      const post = createNodeTransport({ endpoints: anywhere, proxy: undefined })
      service.respond = (response) => {
        const { stream } = response as Http2ServerResponse
        if (httpStatus) stream.respond({ ':status': httpStatus })
        stream.close(constants[code])
      }
      const outcome = post(requestTo(service)).then(
        (answer) => answer.httpStatus,
        () => 'failed',
      )
      expect(await outcome).toBe(expected)
    })
  },
)

describe('time and signal hold', () => {
  test('while a connection is opened that gets no further', async () => {
    const sockets = new Set<Socket>()
    const silent = createTcpServer((socket) => void sockets.add(socket.on('error', () => {})))
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const post = createNodeTransport({ endpoints: anywhere, proxy: undefined })
    const request = { endpoint: `https://localhost:${port}/p`, headers: {}, body: null }
    await expect(post({ ...request, timeoutMs: 50 })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
    const controller = new AbortController()
    const { signal } = controller
    const second = post({ ...request, timeoutMs: 60_000, signal })
    controller.abort(new Error('enough'))
    await expect(second).rejects.toThrow('enough')
    for (const socket of sockets) socket.destroy()
    silent.close()
  })

  test('while all connections of HTTP/1.1 are in use', async () => {
    await using service = await startTlsService('http/1.1', certificate)
    const post = createNodeTransport({ endpoints: anywhere, proxy: undefined })
    const waiting: Array<() => void> = []
    service.respond = (response) => void waiting.push(() => response.writeHead(201).end())
    const first = Array.from({ length: 32 }, () => post(requestTo(service)))
    await expect.poll(() => waiting.length).toBe(32)
    const controller = new AbortController()
    const { signal } = controller
    const late = post(requestTo(service, { timeoutMs: 50 }))
    const aborted = post(requestTo(service, { signal }))
    controller.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    await expect(late).rejects.toMatchObject({ name: 'TimeoutError' })
    for (const respond of waiting) respond()
    await Promise.all(first)
    service.respond = (response) => response.writeHead(201).end()
    await post(requestTo(service))
    expect(service.versions).toHaveLength(33)
  })
})

describe('a name that leads to an address that is not public', () => {
  const names = ['push.example.org', 'metadata.example.org']

  test.each([
    ['127.0.0.1', 4],
    ['10.0.0.1', 4],
    ['169.254.169.254', 4],
    ['::1', 6],
    ['::ffff:127.0.0.1', 6],
    ['fd00:ec2::254', 6],
  ])('%s is refused, and no connection is made', async (address, family) => {
    await using service = await startTlsService('h2', certificate)
    const post = createNodeTransport({
      endpoints: 'public',
      proxy: undefined,
      resolve: (_name, _options, callback) => callback(null, [{ address, family }]),
    })
    for (const name of names) {
      const endpoint = `https://${name}:${service.port}/p`
      await expect(post(requestTo(service, { endpoint }))).rejects.toMatchObject({
        code: 'endpoint-refused',
        message: expect.not.stringContaining(name),
      })
    }
    expect(service.connections).toBe(0)
  })

  test('is refused as well when only one of its addresses is private', async () => {
    await using service = await startTlsService('h2', certificate)
    const post = createNodeTransport({
      endpoints: undefined,
      proxy: undefined,
      resolve: (_name, _options, callback) =>
        callback(null, [
          { address: '203.0.114.1', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]),
    })
    const endpoint = `https://push.example.org:${service.port}/p`
    await expect(post(requestTo(service, { endpoint }))).rejects.toMatchObject({
      code: 'endpoint-refused',
    })
    expect(service.connections).toBe(0)
  })

  test('cannot answer one thing to the check and another to the connection', async () => {
    await using service = await startTlsService('h2', certificate)
    let asked = 0
    const post = createNodeTransport({
      endpoints: 'public',
      proxy: undefined,
      resolve: (_name, _options, callback) => {
        asked += 1
        callback(null, [{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }])
      },
    })
    const endpoint = `https://push.example.org:${service.port}/p`
    await expect(post(requestTo(service, { endpoint }))).rejects.toMatchObject({
      code: 'endpoint-refused',
    })
    await expect(post(requestTo(service, { endpoint }))).rejects.toMatchObject({
      code: 'endpoint-refused',
    })
    expect([asked, service.connections]).toEqual([2, 0])
  })

  test('is connected to when it is on the list of hosts', async () => {
    await using service = await startTlsService('h2', certificate)
    const post = createNodeTransport({
      endpoints: { hosts: [`localhost:${service.port}`] },
      proxy: undefined,
    })
    expect((await post(requestTo(service))).httpStatus).toBe(201)
  })
})
