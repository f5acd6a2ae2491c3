import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { rollup } from 'rollup'
import type { Proof, ProofFigures } from '../../scripts/prove.ts'
import { root } from '../../scripts/run-command.ts'
import { createFakeBrowser, type FakeBrowser } from '../server/fake-browser.ts'
import { type LocalPushService, startLocalPushService } from '../server/local-push-service.ts'
import { readVectors } from '../vectors/read-vectors.ts'

/** As npm packages; each has its binary. */
const packages = ['deno@2.9.6', 'bun@1.4.5', 'workerd@1.20261117.1']

const sizes = [1, 200, 3000, 3993]

/** Two more are sent by `sendAll`. */
const messages = sizes.length + 2

/**
 * Sends from the published package under Node, Deno, Bun and Cloudflare's workerd, which it installs
 * into a folder of its own, to a push service on this machine. The subscription is the one of
 * RFC 8291's example.
 *
 * It fails for each message that did not arrive, or that `http_ece` does not read as it was sent.
 */
export const runtimes: Proof = { count: 1, browsers: [], run }

async function run(): Promise<ProofFigures> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pushwell-runtimes-'))
  const vector = readVectors('rfc8291.json')
  try {
    await prepare(folder)
    const figures: Record<string, number> = {}
    let failures = 0
    for (const [name, start] of Object.entries(starters)) {
      await using service = await disposable(startLocalPushService())
      const endpoint = `${service.url}p`
      const keys = { privateKey: vector.ua_private, auth: vector.auth_secret }
      const browser = createFakeBrowser(endpoint, keys)
      const { subscription } = browser
      const statuses = await start(folder, JSON.stringify({ subscription, sizes }))
      const read = countRead(service, browser)
      const accepted = statuses.filter((status) => status === 'accepted').length
      failures += 2 * messages - read - accepted
      figures[name] = read
    }
    return { failures, messages, ...figures }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Starter = (folder: string, task: string) => Promise<readonly string[]>

const starters: Readonly<Record<string, Starter>> = {
  node: (folder, task) => command(folder, process.execPath, ['runtimes-command.mjs', task]),
  deno: (folder, task) =>
    command(folder, bin(folder, 'deno'), ['run', '--allow-all', 'runtimes-command.mjs', task]),
  bun: (folder, task) => command(folder, bin(folder, 'bun'), ['runtimes-command.mjs', task]),
  workerd: askWorkerd,
}

function bin(folder: string, name: string): string {
  return path.join(folder, 'node_modules', '.bin', name)
}

async function prepare(folder: string): Promise<void> {
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module", "private": true }')
  const install = ['install', '--no-audit', '--no-fund', '--no-save', ...packages]
  await command(folder, 'npm', install, { isQuiet: true })
  await mkdir(path.join(folder, 'node_modules'), { recursive: true })
  await symlink(root, path.join(folder, 'node_modules', 'pushwell'), 'junction')
  for (const file of ['runtimes-command.mjs', 'runtimes-program.mjs']) {
    await copyFile(path.join(import.meta.dirname, file), path.join(folder, file))
  }
}

/** Runs a command. @returns What its last line says, as JSON. */
async function command(
  cwd: string,
  file: string,
  words: readonly string[],
  { isQuiet = false } = {},
): Promise<readonly string[]> {
  const child = spawn(file, words, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${path.basename(file)} ended with ${code}.`)
  return isQuiet ? [] : (JSON.parse(output.trim().split('\n').at(-1) ?? '') as readonly string[])
}

/** Cloudflare's runtime takes one module, as its bundler makes it, and is asked over HTTP. */
async function askWorkerd(folder: string, task: string): Promise<readonly string[]> {
  const input = path.join(folder, 'entry.mjs')
  await writeFile(input, entry)
  const bundle = await rollup({
    input,
    plugins: [nodeResolve({ exportConditions: ['workerd', 'worker', 'browser'] })],
  })
  await bundle.write({ file: path.join(folder, 'worker.mjs'), format: 'es' })
  await writeFile(path.join(folder, 'config.capnp'), config)
  const child = spawn(bin(folder, 'workerd'), ['serve', 'config.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  })
  try {
    const url = `http://127.0.0.1:${await portOf(child)}/`
    const response = await fetch(url, { method: 'POST', body: task })
    return (await response.json()) as readonly string[]
  } finally {
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
}

const entry = `import { sendSizes } from './runtimes-program.mjs'
export default {
  fetch: async (request) => Response.json(await sendSizes(await request.json())),
}
`

const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.mjs")],
      compatibilityDate = "2026-06-01",
      globalOutbound = "outside",
    )),
    (name = "outside", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`

/** It says where it listens in a line of JSON. */
async function portOf(child: ChildProcess): Promise<number> {
  let said = ''
  const control = child.stdio[3]
  if (!control || !('on' in control)) throw new Error('There is nothing to read from.')
  for await (const chunk of control as AsyncIterable<Buffer>) {
    said += chunk.toString()
    const port = /"port":(\d+)/.exec(said)?.[1]
    if (port) return Number(port)
  }
  throw new Error('workerd does not listen.')
}

function countRead({ requests }: LocalPushService, browser: FakeBrowser): number {
  const read = requests.map(({ body }) => {
    try {
      return browser.decrypt(body)
    } catch {
      return ''
    }
  })
  const isSent = (text: string): boolean =>
    sizes.includes(text.length) ? /^x+$/.test(text) : text.includes('"To all"')
  return read.filter(isSent).length
}

async function disposable(
  starting: Promise<LocalPushService>,
): Promise<LocalPushService & AsyncDisposable> {
  const service = await starting
  return Object.assign(service, { [Symbol.asyncDispose]: () => service.close() })
}
