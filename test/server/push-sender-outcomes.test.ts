import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { senders } from './both-senders.ts'
import { startLocalPushService } from './local-push-service.ts'
import { type SendingWorld, startSendingWorld } from './sending-world.ts'

describe.each(senders)('%s:', (_sender, createPushSender) => {
  let world: SendingWorld

  beforeEach(async () => {
    world = await startSendingWorld(createPushSender)
  })
  afterEach(() => world.service.close())

  describe('what a push service does is an outcome', () => {
    const answers: ReadonlyArray<[string, (response: ServerResponse) => void, object]> = [
      ['410', (response) => response.writeHead(410).end(), { status: 'gone', httpStatus: 410 }],
      [
        '429 with seconds',
        (response) => response.writeHead(429, { 'Retry-After': '7' }).end(),
        { status: 'retry', httpStatus: 429, reason: 'rate-limited', retryAfterMs: 7000 },
      ],
      [
        '429 with a date',
        (response) =>
          response.writeHead(429, { 'Retry-After': 'Fri, 15 Jan 2027 08:00:09 GMT' }).end(),
        { status: 'retry', httpStatus: 429, reason: 'rate-limited', retryAfterMs: 9000 },
      ],
      [
        '500',
        (response) => response.writeHead(500).end('oops'),
        { status: 'retry', httpStatus: 500, reason: 'service-failed' },
      ],
      [
        '403 with a reason',
        (response) => response.writeHead(403).end('{"reason":"BadJwtToken"}'),
        { status: 'rejected', httpStatus: 403, reason: 'unauthorized', detail: 'BadJwtToken' },
      ],
      [
        'a redirect',
        (response) => response.writeHead(307, { Location: world.service.url }).end(),
        { status: 'rejected', httpStatus: 307, reason: 'redirected' },
      ],
      [
        'a body without end',
        (response) => {
          response.writeHead(400)
          const more = (): void => {
            while (response.write('no '.repeat(1000))) continue
          }
          response.on('drain', more)
          more()
        },
        { status: 'rejected', httpStatus: 400, detail: expect.stringMatching(/^(no )+$/) },
      ],
      [
        'a cut connection',
        (response) => response.destroy(),
        { status: 'retry', reason: 'network', cause: expect.any(Error) },
      ],
      [
        'a body that breaks off',
        (response) => {
          response.writeHead(413, { 'Content-Length': '100' })
          response.write('too', () => response.destroy())
        },
        { status: 'rejected', httpStatus: 413, reason: 'too-large' },
      ],
    ]

    test.each(answers)('%s', async (_what, respond, expected) => {
      world.service.respond = respond
      const now = Date.parse('2027-01-15T08:00:00Z')
      const outcome = await world
        .createSender({ now: () => now })
        .send(world.browser.subscription, null)
      expect(outcome).toMatchObject(expected)
      expect(world.service.requests).toHaveLength(1)
      expect(JSON.stringify(outcome)).not.toContain('secret-token')
    })

    test('silence, once the time is up', async () => {
      world.service.respond = () => {}
      const outcome = await world
        .createSender({ timeoutMs: 50 })
        .send(world.browser.subscription, null)
      expect(outcome).toMatchObject({ status: 'retry', reason: 'timeout' })
      expect(outcome).not.toHaveProperty('httpStatus')
    })

    test('nobody there', async () => {
      await world.service.close()
      const outcome = await world.createSender().send(world.browser.subscription, null)
      expect(outcome).toMatchObject({ status: 'retry', reason: 'network' })
      world.service = await startLocalPushService()
    })
  })
})
