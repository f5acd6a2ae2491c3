import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPushSender } from '../../src/server/index.ts'
import { engines, startWorld, subscribe, type World } from './world.ts'

const subject = 'mailto:test@pushwell.example'

/** npm `web-push` as a backend uses it, in a process that trusts the service's authority. */
const webPushScript = `
  import webPush from 'web-push'
  const { subscription, payload, vapidDetails, proxy } = JSON.parse(process.argv[1])
  const sent = await webPush.sendNotification(subscription, payload, { vapidDetails, TTL: 60, proxy })
  process.stdout.write(String(sent.statusCode))
`

const pythonScript = `
import json, sys, urllib.request
endpoint, headers, body = json.loads(sys.argv[1])
request = urllib.request.Request(endpoint, open(body, 'rb').read(), headers, method='POST')
print(urllib.request.urlopen(request).status, end='')
`

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.each(engines)('to stock %s', (engine) => {
  let world: World
  let folder: string
  let authority: string

  beforeAll(async () => {
    world = await startWorld(engine)
    await subscribe(world)
    folder = await mkdtemp(path.join(tmpdir(), 'pushwell-senders-'))
    authority = path.join(folder, 'authority.pem')
    await writeFile(authority, world.service.certificate)
  })
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  /** Runs a sender to its end. @returns The status that it says it got. */
  const run = (command: string, args: readonly string[], environment: NodeJS.ProcessEnv) =>
    new Promise<string>((resolve, reject) => {
      const env = { ...process.env, NO_PROXY: '', no_proxy: '', ...environment }
      execFile(command, args, { env }, (error, stdout) => (error ? reject(error) : resolve(stdout)))
    })

  const messageOf = (title: string) => ({ pushwell: { v: 1, type: 'text', data: { title } } })

  /** A request as our own sender makes it, to be sent by another program. */
  async function encryptedRequest(title: string) {
    const [row] = await world.site.rows()
    if (!row) throw new Error('Nobody is subscribed.')
    let made: RequestInit = {}
    const sender = createPushSender({
      vapid: { subject, ...world.site.keys },
      endpoints: () => true,
      fetch: (_url, init) => {
        made = init
        return Promise.resolve(new Response('', { status: 201 }))
      },
    })
    await sender.send(row.subscription, { payload: JSON.stringify(messageOf(title)) })
    const body = path.join(folder, `${title}.bin`)
    await writeFile(body, made.body as Uint8Array)
    return { endpoint: row.subscription.endpoint, headers: made.headers as object, body }
  }

  const isShown = (wanted: string) => world.desktop.waitFor(({ title }) => title === wanted)

  test('npm web-push sends, unchanged, through its proxy option', async () => {
    const [row] = await world.site.rows()
    const { service, site } = world
    const job = {
      subscription: row?.subscription,
      payload: JSON.stringify(messageOf('web-push')),
      vapidDetails: { subject, ...site.keys },
      proxy: service.proxyUrl,
    }
    const args = ['--input-type=module', '-e', webPushScript, JSON.stringify(job)]
    const status = await run(process.execPath, args, { NODE_EXTRA_CA_CERTS: authority })
    expect(status).toBe('201')
    await isShown('web-push')
  })

  test('curl sends with HTTPS_PROXY alone', async () => {
    const { endpoint, headers, body } = await encryptedRequest('curl')
    const headerArgs = Object.entries(headers).flatMap(([name, value]) => [
      '-H',
      `${name}: ${value}`,
    ])
    const args = [
      '-sS',
      '-o',
      '-',
      '-w',
      '%{http_code}',
      '--data-binary',
      `@${body}`,
      ...headerArgs,
    ]
    const environment = { HTTPS_PROXY: world.service.proxyUrl, CURL_CA_BUNDLE: authority }
    expect(await run('curl', [...args, endpoint], environment)).toBe('201')
    await isShown('curl')
  })

  test('Python sends with HTTPS_PROXY alone', async ({ skip }) => {
    skip(!hasPython(), 'There is no python3 on the PATH.')
    const { endpoint, headers, body } = await encryptedRequest('python')
    const args = ['-c', pythonScript, JSON.stringify([endpoint, headers, body])]
    const environment = { HTTPS_PROXY: world.service.proxyUrl, SSL_CERT_FILE: authority }
    expect(await run('python3', args, environment)).toBe('201')
    await isShown('python')
  })
})
