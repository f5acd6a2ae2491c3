import { constants, type Http2ServerResponse } from 'node:http2'
import { describe, expect, test } from 'vitest'
import { generateVapidKeys } from '../../src/server/index.ts'
import type { PushTransport } from '../../src/server/push-transport.ts'
import { createPushSender } from '../../src/server-node/index.ts'
import { createFakeBrowser } from './fake-browser.ts'
import { openTransport, requestTo } from './open-transport.ts'
import { startTlsService, trustedCertificate } from './tls-service.ts'

const certificate = await trustedCertificate()

/** The status of the answer, or what kept it away. */
function outcomeOf(answer: ReturnType<PushTransport>): Promise<unknown> {
  return answer.then(
    ({ httpStatus }) => httpStatus,
    ({ name }: Error) => name,
  )
}

describe.each(['NGHTTP2_CANCEL', 'NGHTTP2_NO_ERROR', 'NGHTTP2_INTERNAL_ERROR'] as const)(
  'a stream that the service closes with %s is not waited for',
  (code) => {
    test.each([
      ['before it has answered', undefined, 'Error'],
      ['after its status', 201, 201],
    ])('%s', async (_, httpStatus, expected) => {
      await using service = await startTlsService('h2', certificate)
      service.respond = (response) => {
        const { stream } = response as Http2ServerResponse
        if (httpStatus) stream.respond({ ':status': httpStatus })
        stream.close(constants[code])
      }
      expect(await outcomeOf(openTransport()(requestTo(service)))).toBe(expected)
    })
  },
)

test('a connection that is cut has no answer for what was under way on it', async () => {
  await using service = await startTlsService('h2', certificate)
  service.respond = () => service.hangUp()
  const post = openTransport()
  const outcomes = Array.from({ length: 5 }, () => outcomeOf(post(requestTo(service))))
  expect(await Promise.all(outcomes)).toEqual(Array(5).fill('Error'))
})

test('a sender may try again what was cut off', async () => {
  await using service = await startTlsService('h2', certificate)
  service.respond = () => service.hangUp()
  const vapid = { subject: 'mailto:test@example.com', ...(await generateVapidKeys()) }
  const sender = createPushSender({ vapid, endpoints: () => true })
  const { subscription } = createFakeBrowser(`${service.url}p/1`)
  expect(await sender.send(subscription, { payload: 'Hello' })).toMatchObject({
    status: 'retry',
    reason: 'network',
  })
})
