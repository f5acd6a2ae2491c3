import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { decodeBase64url } from '../../src/shared/base64url.ts'

async function pushwell(...args: string[]) {
  const out: string[] = []
  const err: string[] = []
  // What stands until it is ended is ended as soon as it has said what it has to say.
  const ending = new AbortController()
  const status = await run(args, {
    out: (line) => {
      out.push(line)
      ending.abort()
    },
    err: (line) => err.push(line),
    signal: ending.signal,
  })
  return { status, out: out.join('\n'), err: err.join('\n') }
}

test('keys prints a new pair as lines for an environment, or as JSON', async () => {
  const lines = await pushwell('keys')
  expect(lines).toMatchObject({ status: 0, err: '' })
  const [, publicKey = ''] = /^VAPID_PUBLIC_KEY=(\S+)$/m.exec(lines.out) ?? []
  const [, privateKey = ''] = /^VAPID_PRIVATE_KEY=(\S+)$/m.exec(lines.out) ?? []
  expect(decodeBase64url(publicKey)).toHaveLength(65)
  expect(decodeBase64url(privateKey)).toHaveLength(32)
  const json = JSON.parse((await pushwell('keys', '--json')).out) as { publicKey: string }
  expect(decodeBase64url(json.publicKey)).toHaveLength(65)
  expect(json.publicKey).not.toBe(publicKey)
})

test('without a command it says what there is', async () => {
  const { status, out } = await pushwell()
  expect(status).toBe(0)
  expect(out).toMatch(/^Usage: pushwell <command>/)
  expect(out).toContain('keys')
})

test.each([
  [['fly']],
  [['toString']],
  [['keys', '--fast']],
  [['service', '--manner', 'x']],
  [['service', '--port', '-1']],
  [['service', '--port', '65536']],
  [['service', '--port', '']],
  [['service', '--firefox', '--chromium']],
  [['service', '--headless']],
])('words that it does not know end with status 2 and a sentence: %s', async (args) => {
  const { status, out, err } = await pushwell(...args)
  expect(status).toBe(2)
  expect(out).toBe('')
  expect(err).toContain('pushwell')
})

test('service says what browsers and senders need, until it is ended', async () => {
  const { status, out } = await pushwell('service', '--strict')
  expect(status).toBe(0)
  const [, port] = /stands at http:\/\/localhost:(\d+)$/m.exec(out) ?? []
  expect(out).toContain(`user_pref("dom.push.serverURL", "ws://127.0.0.1:${port}/");`)
  expect(out).toContain(`--gcm-checkin-url=http://127.0.0.1:${port}/checkin`)
  expect(out).toMatch(/^ {2}HTTPS_PROXY=http/m)
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow(TypeError)
})

test('--firefox and --chromium together are an error that names both', async () => {
  const { err } = await pushwell('service', '--firefox', '--chromium')
  expect(err).toContain('--firefox and --chromium exclude each other')
})

test('what fails though the words are right ends with status 1, of whatever class the error is', async () => {
  const nul = await pushwell('service', '--certificate', 'no\0file')
  expect(nul).toMatchObject({ status: 1, out: '' })
  expect(nul.err).toContain('pushwell service: ')
  const file = fileURLToPath(import.meta.url)
  const folder = await pushwell('service', '--folder', file)
  expect(folder).toMatchObject({ status: 1, out: '' })
})
