import type { ServerResponse } from 'node:http'
import { constants, type Http2ServerResponse } from 'node:http2'
import { describe, expect, test } from 'vitest'
import { openTransport, requestTo } from './open-transport.ts'
import { startTlsService, trustedCertificate } from './tls-service.ts'

const certificate = await trustedCertificate()

describe('a request that the service did nothing about is made once more', () => {
  test('on another session, when a GOAWAY leaves it out', async () => {
    await using service = await startTlsService('h2', certificate)
    const post = openTransport()
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
    const post = openTransport()
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
    const post = openTransport()
    service.respond = (response) => {
      ;(response as Http2ServerResponse).stream.close(constants.NGHTTP2_REFUSED_STREAM)
    }
    await expect(post(requestTo(service))).rejects.toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' })
    expect(service.versions).toHaveLength(2)
  })
})
