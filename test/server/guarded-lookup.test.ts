import { describe, expect, test } from 'vitest'
import { createNodeTransport } from '../../src/server-node/node-transport.ts'
import { requestTo } from './open-transport.ts'
import { startTlsService, trustedCertificate } from './tls-service.ts'

const certificate = await trustedCertificate()

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
