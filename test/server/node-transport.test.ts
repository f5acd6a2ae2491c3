import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { openTransport, requestTo } from './open-transport.ts'
import { startTlsService, type TlsService, trustedCertificate } from './tls-service.ts'

const certificate = await trustedCertificate()

describe.each([
  ['h2', '2.0'],
  ['http/1.1', '1.1'],
] as const)('to a service that speaks %s', (protocol, version) => {
  test('requests go out in its protocol, and connections are used again', async () => {
    await using service = await startTlsService(protocol, certificate)
    const post = openTransport()
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
    const post = openTransport()
    await Promise.all(Array.from({ length: 200 }, () => post(requestTo(service))))
    expect(service.versions).toHaveLength(200)
    expect(service.connections).toBeLessThanOrEqual(protocol === 'h2' ? 2 : 32)
  })

  test('a service that hung up is connected to again', async () => {
    await using service = await startTlsService(protocol, certificate)
    const post = openTransport()
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
    const post = openTransport()
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
    const post = openTransport()
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
    const post = openTransport(() => url)
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
  const post = openTransport(() => url)
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
      const post = openTransport()
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
