import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type InstalledPackage, installPackage } from './installed-package.ts'
import { runNode } from './run-node.ts'

/**
 * Takes away what Node has got since the oldest version that `engines` names (22.19): V8 12.4 and
 * its shipping flags, https://nodejs.org/en/blog/release/v24.0.0.
 */
const preload = `
  for (const name of ['AsyncDisposableStack', 'DisposableStack', 'SuppressedError', 'URLPattern',
    'Float16Array', 'Temporal']) delete globalThis[name]
  const since = [[Promise, 'try'], [RegExp, 'escape'], [Error, 'isError'], [Math, 'f16round'],
    [Math, 'sumPrecise'], [Iterator, 'concat'], [Uint8Array, 'fromBase64'], [Uint8Array, 'fromHex'],
    [Uint8Array.prototype, 'toBase64'], [Uint8Array.prototype, 'toHex'],
    [Map.prototype, 'getOrInsert'], [Map.prototype, 'getOrInsertComputed']]
  for (const [holder, name] of since) delete holder[name]
`

/** Uses every part that needs no browser. */
const program = `
  import { createPushSender, generateVapidKeys } from 'pushwell/server'
  import { loadWorker, startPushService } from 'pushwell/testing'
  if (globalThis.AsyncDisposableStack) throw new Error('The preload did nothing.')
  const service = await startPushService({ strict: true })
  const keys = await generateVapidKeys()
  const worker = await loadWorker((scope) => {
    scope.addEventListener('push', (event) =>
      event.waitUntil(scope.registration.showNotification(event.data.text())))
  })
  const vapid = { subject: 'mailto:test@pushwell.example', ...keys }
  const fetch = async () => new Response('', { status: 201 })
  const sender = createPushSender({ vapid, fetch, endpoints: () => true })
  const outcome = await sender.send(worker.subscription, { payload: 'sent' })
  const { shown } = await worker.push('shown')
  await worker.dispose()
  await service.close()
  console.log(JSON.stringify({ status: outcome.status, title: shown[0].title }))
`

let installed: InstalledPackage
let imports: string[]

beforeAll(async () => {
  installed = await installPackage()
  for (const name of ['ws', 'selfsigned', '@bufbuild/protobuf', 'puppeteer-core']) {
    await installed.add(name)
  }
  await writeFile(path.join(installed.project, 'oldest-node.mjs'), preload)
  await writeFile(path.join(installed.project, 'program.mjs'), program)
  imports = ['--import', './oldest-node.mjs']
})
afterAll(() => installed?.remove())

const cli = () => path.join(installed.folder, 'dist', 'cli.js')

test('server and testing run on what the oldest supported Node has', async () => {
  const { exitCode, stdout, stderr } = await runNode([...imports, 'program.mjs'], installed.project)
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({ status: 'accepted', title: 'shown' })
  expect(exitCode).toBe(0)
})

test('so does pushwell service, up to a browser that it starts and to its own end', async () => {
  const no = path.join(installed.project, 'no-browser')
  const environment = [
    '--import',
    `data:text/javascript,process.env.PUSHWELL_FIREFOX=${JSON.stringify(no)}`,
  ]
  const { exitCode, stdout, stderr } = await runNode(
    [...imports, ...environment, cli(), 'service', '--firefox'],
    installed.project,
  )
  expect(stdout).toContain('The push service stands at')
  expect(stderr).toContain('PUSHWELL_FIREFOX names no file')
  expect(exitCode).toBe(1)
})

test('pushwell service asks for packages only when one is missing', async () => {
  const manifest = JSON.stringify({ name: 'ws', type: 'module', main: 'index.js' })
  const link = path.join(installed.project, 'node_modules', 'ws')
  const start = () => runNode([cli(), 'service', '--firefox'], installed.project)
  await rm(link, { recursive: true })
  expect((await start()).stderr).toContain('needs the packages')
  await mkdir(link)
  await writeFile(path.join(link, 'package.json'), manifest)
  await writeFile(
    path.join(link, 'index.js'),
    'export class WebSocketServer {}\nthrow new Error("ws is broken")',
  )
  const { exitCode, stderr } = await start()
  expect(stderr).toContain('ws is broken')
  expect(stderr).not.toContain('needs the packages')
  expect(exitCode).toBe(1)
})
