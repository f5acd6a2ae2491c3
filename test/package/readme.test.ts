import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compile } from './compile.ts'
import { type InstalledPackage, installPackage } from './installed-package.ts'

/** What the examples leave to the reader's own project, and to the examples before them. */
const given: Readonly<Record<string, string>> = {
  push: "const push: import('pushwell').PushClient",
  button: 'const button: HTMLButtonElement',
  store: "const store: import('pushwell/server').SubscriptionStore",
  subscription: "const subscription: import('pushwell/server').PushSubscriptionData",
  publicKey: 'const publicKey: string',
  privateKey: 'const privateKey: string',
  id: 'const id: string',
  endpoint: 'const endpoint: string',
  chatMessageSchema:
    "const chatMessageSchema: import('pushwell/messages').StandardSchema<{ text: string }>",
  handler: "const handler: import('pushwell/server').SubscriptionHandler",
  pool: "const pool: import('pushwell/server').SqlClient",
  waitOf: 'function waitOf(address: string): Promise<number>',
  openMyStore: "function openMyStore(): Promise<import('pushwell/server').SubscriptionStore>",
  userOf: 'function userOf(request: Request): Promise<string>',
  service: "const service: import('pushwell/testing').PushService",
  desktop: "const desktop: import('pushwell/testing').Desktop",
  browser: "const browser: import('pushwell/testing').LaunchedBrowser",
  startApp:
    'function startApp(options: object): Promise<{ url: string; ship(order: string): Promise<void> }>',
  send: 'function send(text: string): Promise<void>',
}

/** Makes an example a module of its own: with what it leaves out and does not define itself. */
function complete(code: string): string {
  const imports = code.replaceAll(/^(?!import ).*\n/gm, '')
  const body = code.replaceAll(/^import .*\n/gm, '')
  const declared = Object.entries(given)
    .filter(([name]) => !new RegExp(`\\bconst ${name}\\b`).test(body))
    .map(([, declaration]) => `declare ${declaration}\n`)
  return `${imports}${declared.join('')}export {}\n${body}`
}

let installed: InstalledPackage
beforeAll(async () => {
  installed = await installPackage()
  await installed.add('puppeteer-core')
  await installed.add('@types/node')
  await installed.add('hono')
})
afterAll(() => installed.remove())

test.each([
  ['README.md', 5],
  ['docs/page.md', 4],
  ['docs/worker.md', 4],
  ['docs/server-handler.md', 6],
  ['docs/server.md', 3],
  ['docs/testing.md', 8],
])('the examples of %s compile', async (document, least) => {
  const text = await readFile(new URL(`../../${document}`, import.meta.url), 'utf8')
  const examples = [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code ?? '')
  expect(examples.length).toBeGreaterThanOrEqual(least)
  const files = examples.map((_, index) => `example-${index}.mts`)
  for (const [index, code] of examples.entries()) {
    await writeFile(path.join(installed.project, files[index] ?? ''), complete(code))
  }
  const options = { target: 'es2022', lib: ['ES2023', 'DOM'], module: 'nodenext', types: ['node'] }
  const compilerOptions = { ...options, strict: true, noEmit: true, skipLibCheck: true }
  const tsconfig = path.join(installed.project, 'tsconfig.json')
  await writeFile(tsconfig, JSON.stringify({ compilerOptions, files }))
  expect(await compile(['-p', 'tsconfig.json'], installed.project)).toEqual([])
})

test('the links of the guides lead to what is there', async () => {
  for (const document of [
    'README.md',
    'docs/server-handler.md',
    'docs/scaling.md',
    'docs/testing.md',
    'examples/testing/README.md',
  ]) {
    const file = new URL(`../../${document}`, import.meta.url)
    const text = await readFile(file, 'utf8')
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([\w-]+))?\)/g)]
    for (const [, target = '', anchor] of links) {
      const linked = new URL(target || file.href, file)
      expect(existsSync(linked), `${document} links to ${target}`).toBe(true)
      if (anchor === undefined) continue
      const headings = [...(await readFile(linked, 'utf8')).matchAll(/^#+ (.*)$/gm)]
      const anchors = headings.map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      )
      expect(anchors).toContain(anchor)
    }
  }
})
