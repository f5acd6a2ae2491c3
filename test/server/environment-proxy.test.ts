import { once } from 'node:events'
import dns from 'node:dns'
import { createServer } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { generateVapidKeys } from '../../src/server/index.ts'
import { createEnvironmentProxy } from '../../src/server-node/environment-proxy.ts'
import { createPushSender } from '../../src/server-node/index.ts'
import { createFakeBrowser } from './fake-browser.ts'

const proxy = 'http://proxy.example:3128/'

function proxyFor(url: string, env: Record<string, string>, execArgv: string[] = []): unknown {
  return createEnvironmentProxy({ env, execArgv })(new URL(url))?.href
}

describe('the environment’s proxy', () => {
  const asked = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxy }

  test.each<[string, Record<string, string>, string[]]>([
    ['NODE_USE_ENV_PROXY=1', {}, []],
    ['--use-env-proxy', {}, ['--use-env-proxy']],
    ['it in NODE_OPTIONS', { NODE_OPTIONS: '--no-warnings --use-env-proxy' }, []],
  ])('is used with %s', (name, env, execArgv) => {
    const all = name.includes('=') ? asked : { HTTPS_PROXY: proxy, ...env }
    expect(proxyFor('https://push.example.org/', all, execArgv)).toBe(proxy)
  })

  test('is not used unless Node itself would', () => {
    expect(proxyFor('https://push.example.org/', { HTTPS_PROXY: proxy })).toBeUndefined()
    const off = { ...asked, NODE_USE_ENV_PROXY: '0' }
    expect(proxyFor('https://push.example.org/', off)).toBeUndefined()
  })

  test('is each scheme’s own, and the name in lower case comes first', () => {
    const env = { ...asked, http_proxy: 'http://other.example/' }
    expect(proxyFor('http://push.example.org/', env)).toBe('http://other.example/')
    expect(proxyFor('https://push.example.org/', env)).toBe(proxy)
    const lower = { ...asked, https_proxy: 'http://lower.example/' }
    expect(proxyFor('https://push.example.org/', lower)).toBe('http://lower.example/')
    expect(proxyFor('https://push.example.org/', { NODE_USE_ENV_PROXY: '1' })).toBeUndefined()
  })

  test.each([
    ['*', 'https://push.example.org', true],
    ['push.example.org', 'https://push.example.org', true],
    ['PUSH.example.org', 'https://push.example.org', true],
    ['example.org', 'https://push.example.org', false],
    ['.example.org', 'https://push.example.org', true],
    ['.example.org', 'https://pushexample.org', false],
    ['*.example.org', 'https://push.example.org', true],
    ['a.example, push.example.org', 'https://push.example.org', true],
    ['push.example.org:443', 'https://push.example.org', true],
    ['push.example.org:8443', 'https://push.example.org', false],
    ['push.example.org:8443', 'https://push.example.org:8443', true],
    ['192.168.1.1', 'https://192.168.1.1', true],
    ['192.168.1.1-192.168.1.9', 'https://192.168.1.5', true],
    ['192.168.1.1-192.168.1.9', 'https://192.168.1.10', false],
    ['::1', 'https://[::1]:8443', true],
    ['[::1]:8443', 'https://[::1]:8443', true],
    ['', 'https://push.example.org', false],
  ])('with NO_PROXY=%s leaves out %s: %s', (without, url, isDirect) => {
    expect(proxyFor(url, { ...asked, NO_PROXY: without })).toBe(isDirect ? undefined : proxy)
  })

  test.each(['proxy.example:3128', 'socks5://proxy.example', 'http://me:secret@'])(
    'is refused when it is %s, which is not quoted',
    (value) => {
      const create = () =>
        createEnvironmentProxy({ env: { ...asked, HTTPS_PROXY: value }, execArgv: [] })
      expect(create).toThrow('HTTPS_PROXY must be the http or https URL of a proxy.')
    },
  )
})

describe('a sender in an environment with a proxy', async () => {
  const vapid = { subject: 'mailto:ops@example.com', ...(await generateVapidKeys()) }
  const server = createTcpServer((socket) => {
    connections += 1
    socket.destroy()
  })
  let connections = 0

  beforeEach(async () => {
    connections = 0
    vi.stubEnv('NODE_USE_ENV_PROXY', '1')
    vi.spyOn(dns, 'lookup').mockImplementation(((
      _name: string,
      { all }: dns.LookupOptions,
      callback: (error: null, address: unknown, family?: number) => void,
    ) =>
      all
        ? callback(null, [{ address: '127.0.0.1', family: 4 }])
        : callback(null, '127.0.0.1', 4)) as never)
    syncBuiltinESMExports()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
    syncBuiltinESMExports()
    server.close()
  })

  const send = () => {
    const { port } = server.address() as AddressInfo
    const { subscription } = createFakeBrowser(`https://vault.corp.example:${port}/p`)
    return createPushSender({ vapid }).send(subscription, null)
  }

  test.each([
    ['no proxy is named', {}],
    ['the host is in NO_PROXY', { HTTPS_PROXY: proxy, NO_PROXY: '.corp.example' }],
  ])('looks at addresses where %s', async (_when, env) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    expect(await send()).toEqual({ status: 'rejected', reason: 'endpoint-refused' })
    expect(connections).toBe(0)
  })

  test('goes by way of the proxy else', async () => {
    const asked: unknown[] = []
    const connecting = createServer()
    connecting.on('connect', ({ url }, socket) => {
      asked.push(url)
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    })
    connecting.listen(0, '127.0.0.1')
    await once(connecting, 'listening')
    const { port } = connecting.address() as AddressInfo
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${port}`)
    expect(await send()).toMatchObject({ status: 'retry', reason: 'network' })
    expect(asked).toEqual([`vault.corp.example:${(server.address() as AddressInfo).port}`])
    connecting.close()
  })
})

test('a proxy that is none is refused as the sender is made, and not quoted', async () => {
  const vapid = { subject: 'mailto:ops@example.com', ...(await generateVapidKeys()) }
  const create = () => createPushSender({ vapid, proxy: 'me:secret@proxy.example:3128' })
  expect(create).toThrow('proxy must be the http or https URL of a proxy.')
})
