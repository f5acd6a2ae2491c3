import { describe, expect, test } from 'vitest'
import {
  checkEndpoint,
  checkEndpointPolicy,
  type EndpointPolicy,
  isPublicEndpoint,
} from '../../src/server/endpoint-policy.ts'
import { pushServiceHosts } from '../../src/server/push-service-hosts.ts'

function isAllowed(endpoint: string, policy?: EndpointPolicy): boolean {
  try {
    checkEndpoint(new URL(endpoint), policy)
    return true
  } catch (error) {
    expect(error).toMatchObject({ name: 'RangeError', code: 'endpoint-refused' })
    expect(String(error)).not.toContain(new URL(endpoint).hostname.slice(0, 9))
    return false
  }
}

describe('the public policy', () => {
  test.each([
    'fcm.googleapis.com/fcm/send/x',
    'updates.push.services.mozilla.com/wpush/v2/x',
    'web.push.apple.com/x',
    'wns2-par02p.notify.windows.com/w/?token=x',
    'push.example.org:8443/x',
    'push.example.org./x',
    'localhost.example.org/x',
    '10.0.0.1.example.org/x',
    'local.example.org/x',
    'push.locals/x',
    'push.xn--p1ai/x',
  ])('allows https://%s', (rest) => {
    expect(isAllowed(`https://${rest}`)).toBe(true)
  })

  test('refuses anything but https', () => {
    expect(isAllowed('http://fcm.googleapis.com/x')).toBe(false)
  })

  test.each([22, 25, 53, 80, 110, 143, 389, 465, 993, 1023, 2049, 5060, 6000, 6379, 6667, 11211])(
    'refuses port %i, which is another protocol’s',
    (port) => {
      expect(isAllowed(`https://push.example.org:${port}/x`)).toBe(false)
      expect(isAllowed(`https://push.example.org:${port}/x`, isPublicEndpoint)).toBe(false)
    },
  )

  test.each([443, 1024, 4443, 8443, 65_535])('allows port %i', (port) => {
    expect(isAllowed(`https://push.example.org:${port}/x`)).toBe(true)
  })

  test.each([
    // Names
    'localhost',
    'localhost.',
    'LOCALHOST',
    'app.localhost',
    'printer.local',
    'router.lan',
    'db.internal',
    'metadata.google.internal',
    'metadata.google.internal.',
    'box.home.arpa',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
    'vault.default',
    'dns.kube-system',
    'db.team1',
    'web.service.consul',
    'mail.corp',
    'wiki.intranet',
    'nas.private',
    'app.test',
    'intranet',
    // IPv4, also as the URL parser rewrites it
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0x7f000001',
    '0177.0.0.1',
    '%31%32%37.0.0.1',
    '１２７.0.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '255.255.255.255',
    '8.8.8.8',
    // IPv6
    '[::]',
    '[::1]',
    '[fe80::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:a9fe:a9fe]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:4860:4860::8888]',
  ])('refuses %s', (host) => {
    expect(isAllowed(`https://${host}/x`)).toBe(false)
    expect(isAllowed(`https://${host}:8443/x`)).toBe(false)
  })
})

describe('a list of hosts', () => {
  const policy = { hosts: ['fcm.googleapis.com', '*.push.apple.com', 'push.internal:8443'] }

  test.each([
    ['fcm.googleapis.com', true],
    ['web.push.apple.com', true],
    ['a.b.push.apple.com', true],
    ['push.internal:8443', true],
    ['push.internal', false],
    ['push.apple.com', false],
    ['evilpush.apple.com', false],
    ['web.push.apple.com.evil.example', false],
    ['fcm.googleapis.com:8443', false],
    ['x.fcm.googleapis.com', false],
    ['updates.push.services.mozilla.com', false],
  ])('says of %s: %s', (host, expected) => {
    expect(isAllowed(`https://${host}/x`, policy)).toBe(expected)
  })

  test('still wants https', () => {
    expect(isAllowed('http://fcm.googleapis.com/x', policy)).toBe(false)
  })

  test('may name an origin whole, which then is allowed as it is, and nothing beside it', () => {
    const local = { hosts: ['http://localhost:4000'] }
    expect(isAllowed('http://localhost:4000/x', local)).toBe(true)
    for (const other of ['http://localhost:4001', 'https://localhost:4000', 'http://localhost']) {
      expect(isAllowed(`${other}/x`, local)).toBe(false)
    }
  })
})

test.each([
  [['FCM.googleapis.com'], '"FCM.googleapis.com"'],
  [['fcm.googleapis.com', 'push.example.org:443'], '"push.example.org:443"'],
  [['*'], '"*"'],
  [['*.'], '"*."'],
  [['*.*.example.org'], '"*.*.example.org"'],
  [['push.example.org/p'], '"push.example.org/p"'],
  [['https://push.example.org/'], '"https://push.example.org/"'],
  [[''], '""'],
  [[null], 'null'],
  ['fcm.googleapis.com', '"fcm.googleapis.com"'],
  [undefined, 'undefined'],
])('a list of %j, which no endpoint fits, is refused', (hosts, named) => {
  const check = () => checkEndpointPolicy({ hosts } as never)
  expect(check).toThrow(TypeError)
  expect(check).toThrow(`got ${named}.`)
})

test('a list of hosts as URLs have them is none to complain about', () => {
  const local = ['localhost:4000', 'http://localhost:4000', '[::1]:8443', 'push_1.internal']
  for (const hosts of [pushServiceHosts, local, []]) checkEndpointPolicy({ hosts })
  for (const policy of [undefined, 'public', () => false] as const) checkEndpointPolicy(policy)
})

test('an async function refuses everything, as it cannot be waited for', () => {
  const policy = (async () => true) as unknown as EndpointPolicy
  expect(isAllowed('https://fcm.googleapis.com/x', policy)).toBe(false)
})

test('a function decides alone', () => {
  const policy = (url: URL): boolean => url.hostname === 'localhost'
  expect(isAllowed('http://localhost:4000/x', policy)).toBe(true)
  expect(isAllowed('https://fcm.googleapis.com/x', policy)).toBe(false)
})

test('a function can allow one address besides the public ones', () => {
  const policy = (url: URL): boolean => url.port === '4000' || isPublicEndpoint(url)
  expect(isAllowed('http://localhost:4000/x', policy)).toBe(true)
  expect(isAllowed('https://fcm.googleapis.com/x', policy)).toBe(true)
  expect(isAllowed('https://localhost:4001/x', policy)).toBe(false)
})

describe('the hosts of the browsers’ push services', () => {
  test.each([
    'https://fcm.googleapis.com/fcm/send/x',
    'https://jmt17.google.com/fcm/send/x',
    'https://updates.push.services.mozilla.com/wpush/v2/x',
    'https://web.push.apple.com/x',
    'https://wns2-par02p.notify.windows.com/w/?token=x',
  ])('fit %s', (endpoint) => {
    expect(isAllowed(endpoint, { hosts: pushServiceHosts })).toBe(true)
  })

  test.each([
    'https://push.example.org/x',
    'https://127.0.0.1.nip.io/x',
    'https://evil.googleapis.com/x',
    'https://notify.windows.com.example.org/x',
  ])('do not fit %s', (endpoint) => {
    expect(isAllowed(endpoint, { hosts: pushServiceHosts })).toBe(false)
  })
})
