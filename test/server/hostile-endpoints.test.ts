import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { assembleSender } from '../../src/server/assemble-sender.ts'
import { type EndpointPolicy, generateVapidKeys, type PushSender } from '../../src/server/index.ts'
import { createMessageEncryption } from '../../src/server-node/encrypt-message.ts'
import { createNodeTransport } from '../../src/server-node/node-transport.ts'
import { createFakeBrowser } from './fake-browser.ts'
import { startTlsService, trustedCertificate } from './tls-service.ts'

const certificate = await trustedCertificate()

const vapid = { subject: 'mailto:ops@example.com', ...(await generateVapidKeys()) }

/** Names that look public, and what a stranger's name server answers for them. */
const answers: Readonly<Record<string, readonly string[]>> = {
  'loopback.example.org': ['127.0.0.1'],
  'loopback6.example.org': ['::1'],
  'mapped.example.org': ['::ffff:127.0.0.1'],
  'translated.example.org': ['64:ff9b::7f00:1'],
  'office.example.org': ['10.1.2.3'],
  'home.example.org': ['192.168.1.1'],
  'carrier.example.org': ['100.64.0.1'],
  'link.example.org': ['169.254.1.1'],
  'link6.example.org': ['fe80::1'],
  'unique.example.org': ['fd12:3456::1'],
  'metadata.example.org': ['169.254.169.254'],
  'metadata6.example.org': ['fd00:ec2::254'],
  'wire.example.org': ['168.63.129.16'],
  'any.example.org': ['0.0.0.0'],
  'some.example.org': ['8.8.8.8', '10.0.0.1'],
  '127.0.0.1.nip.io': ['127.0.0.1'],
}

/** The addresses that Node began to connect to, whatever became of it. */
let attempts: string[] = []
const watch = (message: unknown): void => {
  const { socket } = message as { readonly socket: Socket }
  socket.on('connectionAttempt', (address: string) => attempts.push(address))
}

beforeAll(() => subscribe('net.client.socket', watch))
afterAll(() => unsubscribe('net.client.socket', watch))
beforeEach(() => {
  attempts = []
})

function createSender(endpoints: EndpointPolicy): PushSender {
  const transport = createNodeTransport({
    endpoints,
    proxy: undefined,
    resolve: (name, _options, callback) => {
      const addresses = answers[name] ?? ['127.0.0.1']
      const family = (address: string): number => (address.includes(':') ? 6 : 4)
      callback(
        null,
        addresses.map((address) => ({ address, family: family(address) })),
      )
    },
  })
  return assembleSender({ vapid, endpoints }, { encrypt: createMessageEncryption(), transport })
}

const keys = createFakeBrowser('https://push.example.net/p').subscription.keys

/** Refused before anything is resolved. */
const byTheirLooks: readonly string[] = [
  // What is no endpoint at all
  '',
  'push.example.org/p',
  '//push.example.org/p',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/plain,x',
  'ftp://push.example.org/p',
  'ws://push.example.org/p',
  'unix:/var/run/docker.sock',
  'https://',
  'https:///p',
  'https://me:secret@push.example.org/p',
  'https://push.example.org@127.0.0.1/p',
  'https://push.example.org:99999/p',
  'https://push.example.org:-1/p',
  ' https://push.example.org/p',
  'https://push.example.org/p\n',
  'https://push.example.org\\@127.0.0.1/p',
  'https://push.example.org/p\r\nHost: 127.0.0.1',
  'https://１２７.0.0.1/p',
  'https://%31%32%37.0.0.1/p',
  // Ports of other protocols, at a name that is fine
  'https://push.example.org:22/p',
  'https://push.example.org:25/p',
  'https://push.example.org:53/p',
  'https://push.example.org:80/p',
  'https://push.example.org:465/p',
  'https://push.example.org:2049/p',
  'https://push.example.org:6379/p',
  'https://push.example.org:6667/p',
  // Huge ones, at a host that is sent to
  `https://fcm.googleapis.com/fcm/send/${'x'.repeat(2048)}`,
  `https://updates.push.services.mozilla.com/wpush/v2/${'x'.repeat(1_000_000)}`,
  `https://wns2-par02p.notify.windows.com/w/?token=${'%20'.repeat(1000)}`,
  // Plain HTTP
  'http://push.example.org/p',
  'http://169.254.169.254/latest/meta-data/',
  // Names of one's own network
  'https://localhost/p',
  'https://localhost./p',
  'https://app.localhost/p',
  'https://intranet/p',
  'https://router.lan/p',
  'https://printer.local/p',
  'https://db.internal/p',
  'https://metadata.google.internal/computeMetadata/v1/',
  'https://kubernetes.default.svc/api',
  'https://kubernetes.default.svc.cluster.local/api',
  'https://web.service.consul/p',
  'https://box.home.arpa/p',
  'https://mail.corp/p',
  // Literal addresses, however written
  'https://127.0.0.1/p',
  'https://127.1/p',
  'https://127.0.0.1./p',
  'https://2130706433/p',
  'https://0x7f.0.0.1/p',
  'https://0x7f000001/p',
  'https://0177.0.0.1/p',
  'https://0/p',
  'https://0.0.0.0/p',
  'https://10.0.0.1/p',
  'https://100.100.100.200/p',
  'https://169.254.169.254/latest/meta-data/',
  'https://172.16.0.1/p',
  'https://192.168.1.1:8443/p',
  'https://255.255.255.255/p',
  'https://[::]/p',
  'https://[::1]/p',
  'https://[::1]:6379/p',
  'https://[::ffff:127.0.0.1]/p',
  'https://[::ffff:a9fe:a9fe]/p',
  'https://[::127.0.0.1]/p',
  'https://[64:ff9b::7f00:1]/p',
  'https://[2002:7f00:1::]/p',
  'https://[fd00:ec2::254]/latest/meta-data/',
  'https://[fe80::1]/p',
  'https://[fe80::1%25eth0]/p',
]

const nameOf = (endpoint: string): string => JSON.stringify(endpoint.slice(0, 80))

describe('an endpoint that leads where it must not is refused, and no connection is made:', () => {
  test.each(byTheirLooks.map((endpoint) => [nameOf(endpoint), endpoint]))(
    '%s',
    async (_name, endpoint) => {
      const sending = createSender('public').send({ endpoint, keys }, null)
      const error: unknown = await sending.catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({
        code: expect.stringMatching(/^(invalid-subscription|endpoint-refused)$/),
      })
      if (endpoint.length > 15) expect(String(error)).not.toContain(endpoint)
      expect(attempts).toEqual([])
    },
  )

  test('a huge one is refused also by a sender that has it on its list', async () => {
    const endpoint = `https://localhost:1/${'x'.repeat(2048)}`
    const sending = createSender({ hosts: ['localhost:1'] }).send({ endpoint, keys }, null)
    await expect(sending).rejects.toMatchObject({ code: 'invalid-subscription' })
    expect(attempts).toEqual([])
  })

  test.each(Object.keys(answers))('%s, by its addresses', async (name) => {
    const outcome = await createSender('public').send({ endpoint: `https://${name}/p`, keys }, null)
    expect(outcome).toEqual({ status: 'rejected', reason: 'endpoint-refused' })
    expect(JSON.stringify(outcome)).not.toContain(name)
    expect(attempts).toEqual([])
  })
})

test('what is listed is connected to, so that the tests above see connections', async () => {
  const endpoint = 'https://localhost:1/p'
  const sender = createSender({ hosts: ['localhost:1'] })
  expect(await sender.send({ endpoint, keys }, null)).toMatchObject({ reason: 'network' })
  expect(attempts.length).toBeGreaterThan(0)
})

describe.each(['h2', 'http/1.1'] as const)('a redirect over %s', (protocol) => {
  test.each([301, 302, 303, 307, 308])(
    'with status %i is not followed: nobody connects to where it leads',
    async (status) => {
      await using from = await startTlsService(protocol, certificate)
      await using to = await startTlsService(protocol, certificate)
      from.respond = (response) => response.writeHead(status, { Location: `${to.url}p` }).end()
      const sender = createSender({ hosts: [from, to].map(({ port }) => `localhost:${port}`) })
      const outcome = await sender.send({ endpoint: `${from.url}p`, keys }, null)
      expect(outcome).toMatchObject({ status: 'rejected', httpStatus: status })
      expect([from.versions.length, to.connections]).toEqual([1, 0])
      expect(attempts).toEqual(['127.0.0.1'])
    },
  )
})
