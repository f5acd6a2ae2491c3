import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { distFolder } from './built-package.ts'
import { type InstalledPackage, installPackage } from './installed-package.ts'
import { runNode } from './run-node.ts'

/** Globals of pages and workers, some of which Node has too. Reading one at import fails. */
const platform = `
  window document self navigator location isSecureContext localStorage matchMedia fetch crypto
  Notification PushManager ServiceWorkerRegistration registration clients skipWaiting caches
  indexedDB IDBDatabase IDBCursor IDBTransaction IDBRequest BroadcastChannel addEventListener
`
  .trim()
  .split(/\s+/)

/** Imports an entry; tells which globals it read and which it added. */
const probe = `
const [entry, expression = 'null'] = process.argv.slice(2)
const read = []
const added = new Set()
for (const name of ${JSON.stringify(platform)}) {
  Object.defineProperty(globalThis, name, { configurable: true, get() { read.push(name) } })
}
const before = new Set(Reflect.ownKeys(globalThis))
const module = await import(entry)
const value = new Function('module', 'return ' + expression)(module)
for (const key of Reflect.ownKeys(globalThis)) if (!before.has(key)) added.add(String(key))
console.log(JSON.stringify({ read, added: [...added], names: Object.keys(module), value }))
`

interface Probed {
  readonly read: string[]
  readonly added: string[]
  readonly names: string[]
  readonly value: unknown
}

let installed: InstalledPackage

async function importEntry(entry: string, expression?: string): Promise<Probed> {
  const words = expression === undefined ? [entry] : [entry, expression]
  const { exitCode, stdout, stderr } = await runNode(['probe.js', ...words], installed.project)
  if (exitCode !== 0) throw new Error(`Importing ${entry} failed (${exitCode}): ${stderr}`)
  return JSON.parse(stdout) as Probed
}

beforeAll(async () => {
  installed = await installPackage()
  await writeFile(path.join(installed.project, 'probe.js'), probe)
})

afterAll(() => installed.remove())

describe('importing an entry', () => {
  test.each([
    ['pushwell', 'createPushClient'],
    ['pushwell/sw', 'createPushWorker'],
    ['pushwell/sw/basic', 'createBasicPushWorker'],
    ['pushwell/messages', 'defineMessages'],
    ['pushwell/server', 'createPushSender'],
  ])('%s needs no other package, reads no global and leaves none', async (entry, name) => {
    const { read, added, names } = await importEntry(entry)
    expect({ read, added }).toEqual({ read: [], added: [] })
    expect(names).toContain(name)
  })

  test('pushwell/testing needs no other package', async () => {
    const { names } = await importEntry('pushwell/testing')
    expect(names).toEqual(
      expect.arrayContaining(['loadWorker', 'startPushService', 'startDesktop', 'launchBrowser']),
    )
  })

  test('a push client made where there is no browser is loading, and reads nothing', async () => {
    const { read, value } = await importEntry(
      'pushwell',
      "module.createPushClient({ applicationServerKey: 'B', serviceWorker: '/sw.js', sync: false }).state",
    )
    expect({ read, value }).toEqual({ read: [], value: { status: 'loading' } })
  })
})

describe.each([
  ['pushwell.global.js', 'Pushwell', 'pushwell'],
  ['pushwell-sw.global.js', 'PushwellWorker', 'pushwell/sw'],
  ['pushwell-sw-basic.global.js', 'PushwellWorker', 'pushwell/sw/basic'],
])('dist/%s', (file, name, entry) => {
  /** Runs the file where there is nothing but JavaScript itself. */
  function load(globals: object = {}): Record<string, unknown> {
    const context = createContext(globals)
    const names = (): string[] => runInContext('Object.getOwnPropertyNames(globalThis)', context)
    const before = names()
    runInContext(readFileSync(path.join(distFolder(), file), 'utf8'), context)
    const added = names().filter((key) => !before.includes(key))
    return Object.fromEntries(added.map((key) => [key, runInContext(key, context)]))
  }

  test(`adds the global ${name} and nothing else`, () => {
    expect(Object.keys(load())).toEqual([name])
  })

  test(`gives all that ${entry} exports`, async () => {
    const { names } = await importEntry(entry)
    expect(Object.keys(load()[name] as object).sort()).toEqual(names.sort())
  })
})

test('PushwellWorker listens only once it is asked to, and not for fetch', () => {
  const heard: string[] = []
  const registration = { scope: 'https://app.example/' }
  const addEventListener = (type: string) => heard.push(type)
  const context = createContext({ registration, addEventListener, URL })
  runInContext(readFileSync(path.join(distFolder(), 'pushwell-sw.global.js'), 'utf8'), context)
  expect(heard).toEqual([])
  runInContext('PushwellWorker.createPushWorker()', context)
  expect(heard).toEqual(
    expect.arrayContaining(['push', 'notificationclick', 'pushsubscriptionchange']),
  )
  expect(heard).not.toContain('fetch')
})
