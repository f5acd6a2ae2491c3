import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../src/testing/push-service/index.ts'
import { connectBrowser } from './autopush-client.ts'
import type { AutopushClient, Frame } from './autopush-client.ts'
import { postPush, request } from './push-sender.ts'

let parent: string
let folder: string
let time: number

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'pushwell-service-'))
  folder = path.join(parent, 'made', 'when missing')
  time = Date.now()
  onTestFinished(() => rm(parent, { recursive: true, force: true }))
})

const journal = () => path.join(folder, 'journal.jsonl')

async function start(): Promise<PushService> {
  const service = await startPushService({ folder, now: () => time })
  // The connections that fetch keeps to an earlier service on this port are noticed to be dead.
  await request('GET', service.url).catch(() => null)
  return service
}
const textOf = ({ data }: Frame) => Buffer.from(String(data), 'base64url').toString()

async function received(browser: AutopushClient, count: number): Promise<Frame[]> {
  const frames: Frame[] = []
  while (frames.length < count) frames.push(await browser.next('notification'))
  await browser.settle()
  expect(browser.unread).toEqual([])
  return frames
}

/** Gives a browser that is away, with its subscription. */
async function subscribeAndLeave(service: PushService) {
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe('channel')
  await browser.terminate()
  await expect.poll(() => service.subscriptions.at(-1)?.connected).toBe(false)
  return { uaid: browser.uaid, endpoint }
}

test('after a restart the browser is known and gets what waited, at the same endpoint', async () => {
  const first = await start()
  const { uaid, endpoint } = await subscribeAndLeave(first)
  await postPush(endpoint, { ttl: '60', topic: 'a', urgency: 'high' }, 'waits')
  const { messages, url, certificate } = first
  await first.close()
  await using second = await start()
  expect([second.url, second.certificate]).toEqual([url, certificate])
  expect(second.messages).toEqual(messages)
  const browser = await connectBrowser(second, uaid)
  expect(browser.uaid).toBe(uaid)
  const [frame] = await received(browser, 1)
  expect(frame && textOf(frame)).toBe('waits')
  browser.ack(frame as Frame)
  await second.waitFor(({ status }) => status === 'acknowledged')
  expect((await postPush(endpoint, {}, 'new')).status).toBe(201)
})

test('what was under way without an acknowledgement is sent again, under the same version', async () => {
  const first = await start()
  const browser = await connectBrowser(first)
  const endpoint = await browser.subscribe('channel')
  await postPush(endpoint, {}, 'taken')
  await postPush(endpoint, {}, 'lost')
  browser.ack(await browser.next('notification'))
  const lost = await browser.next('notification')
  await browser.settle()
  await first.close()
  await using second = await start()
  const again = await connectBrowser(second, browser.uaid)
  expect(await received(again, 1)).toEqual([lost])
  again.ack(lost, 102)
  const settled = await second.waitFor(({ code }) => code === 102)
  expect(settled).toMatchObject({ status: 'acknowledged', deliveries: 2 })
})

test('a TTL goes on while the service is down', async () => {
  const first = await start()
  const { uaid, endpoint } = await subscribeAndLeave(first)
  await postPush(endpoint, { ttl: '10' }, 'short')
  await postPush(endpoint, { ttl: '20' }, 'long')
  await first.close()
  time += 10_000
  await using second = await start()
  const frames = await received(await connectBrowser(second, uaid), 1)
  expect(frames.map(textOf)).toEqual(['long'])
})

test('what ended stays ended', async () => {
  const first = await start()
  const { endpoint } = await subscribeAndLeave(first)
  const expired = (await subscribeAndLeave(first)).endpoint
  first.expire(expired)
  const { uaid } = await subscribeAndLeave(first)
  await first.close()
  const second = await start()
  expect(await postPush(expired)).toMatchObject({ status: 410, errno: 106 })
  expect((await postPush(endpoint)).status).toBe(201)
  second.rotate()
  await second.close()
  await using third = await start()
  expect(await postPush(endpoint)).toMatchObject({ status: 410, errno: 103 })
  expect((await connectBrowser(third, uaid)).uaid).not.toBe(uaid)
  expect(third.messages).toEqual([])
})

test('a service that was killed loses nothing that it had answered', async () => {
  const source = new URL('../../../src/testing/push-service/index.ts', import.meta.url)
  const script = `
    import { startPushService } from ${JSON.stringify(source.href)}
    const service = await startPushService({ folder: ${JSON.stringify(folder)} })
    console.log(JSON.stringify({ url: service.url, webSocketUrl: service.webSocketUrl }))
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const browser = await connectBrowser(JSON.parse(line) as PushService)
  const endpoint = await browser.subscribe('channel')
  await postPush(endpoint, {}, 'taken')
  browser.ack(await browser.next('notification'))
  await browser.settle()
  const bodies = Array.from({ length: 20 }, (_, index) => `message ${index}`)
  for (const body of bodies) await postPush(endpoint, {}, body)
  child.kill('SIGKILL')
  await once(child, 'close')
  // What a power cut may leave: half a line.
  await appendFile(journal(), '{"type":"status","id":"')
  await using service = await start()
  const again = await connectBrowser(service, browser.uaid)
  expect((await received(again, bodies.length)).map(textOf)).toEqual(bodies)
})

test('the journal does not grow with what is over', async () => {
  await using service = await start()
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe('channel')
  let largest = 0
  for (let sent = 0; sent < 1500; sent += 50) {
    await Promise.all(Array.from({ length: 50 }, () => postPush(endpoint, {}, 'x'.repeat(500))))
    for (let count = 0; count < 50; count++) browser.ack(await browser.next('notification'))
    await browser.settle()
    largest = Math.max(largest, (await stat(journal())).size)
  }
  // Each message is three lines, the first of about 1.5 kB: 2,000 lines at most.
  expect(largest).toBeLessThan(2_000_000)
  expect(service.messages.every(({ status }) => status === 'acknowledged')).toBe(true)
}, 20_000)

test('a message that the disk does not take is not promised', async () => {
  const service = await start()
  onTestFinished(() => service.close())
  const { uaid, endpoint } = await subscribeAndLeave(service)
  // The journal is written anew into a file beside it, which cannot be made any more.
  await rm(folder, { recursive: true })
  await writeFile(folder, 'in the way')
  for (let sent = 0; sent < 1999; sent += 1) {
    const answer = await postPush(endpoint, { topic: 'same' })
    if (answer.status === 201) continue
    expect(answer.status).toBe(503)
    break
  }
  expect(service.messages.at(-1)?.status).toBe('cancelled')
  await rm(folder)
  await mkdir(folder)
  expect((await postPush(endpoint, { topic: 'same' }, 'kept')).status).toBe(201)
  await service.close()
  await using successor = await start()
  const frames = await received(await connectBrowser(successor, uaid), 1)
  expect(frames.map(textOf)).toEqual(['kept'])
})

test('subscriptions and keys are for the owner alone', async () => {
  await using service = await start()
  await postPush((await subscribeAndLeave(service)).endpoint)
  for (const name of ['journal.jsonl', 'service.json']) {
    expect((await stat(path.join(folder, name))).mode & 0o077).toBe(0)
  }
  expect((await stat(folder)).mode & 0o077).toBe(0)
})

test('a second service on the same folder is kept out of it', async () => {
  await using service = await start()
  await postPush((await subscribeAndLeave(service)).endpoint)
  const before = await readFile(journal(), 'utf8')
  await expect(start()).rejects.toMatchObject({ code: 'EADDRINUSE' })
  expect(await readFile(journal(), 'utf8')).toBe(before)
})

test('a folder that holds something else is refused in words', async () => {
  await (await start()).close()
  await writeFile(path.join(folder, 'service.json'), '{}')
  const starting = startPushService({ folder })
  await expect(starting).rejects.toMatchObject({ code: 'service-failed' })
})
