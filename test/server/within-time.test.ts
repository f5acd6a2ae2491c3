import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { openTransport, requestTo } from './open-transport.ts'
import { startTlsService, trustedCertificate } from './tls-service.ts'

const certificate = await trustedCertificate()

describe('time and signal hold', () => {
  test('while a connection is opened that gets no further', async () => {
    const sockets = new Set<Socket>()
    const silent = createServer((socket) => void sockets.add(socket.on('error', () => {})))
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const post = openTransport()
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
    const post = openTransport()
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
