import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compile } from './compile.ts'
import { type InstalledPackage, installPackage } from './installed-package.ts'

/** What the examples leave to the reader's own project. */
const given = `
declare const button: HTMLButtonElement
declare const store: import('pushwell/server').SubscriptionStore
declare const subscription: import('pushwell/server').PushSubscriptionData
declare const publicKey: string, privateKey: string, id: string
declare const chatMessageSchema: import('pushwell/messages').StandardSchema<{ text: string }>
declare function userOf(request: Request): Promise<string>
`

let installed: InstalledPackage
beforeAll(async () => {
  installed = await installPackage()
  await installed.add('puppeteer-core')
  await installed.add('@types/node')
})
afterAll(() => installed.remove())

test('the examples of the README compile', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const examples = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code ?? '')
  expect(examples.length).toBeGreaterThan(4)
  const files = examples.map((_, index) => `example-${index}.mts`)
  for (const [index, code] of examples.entries()) {
    const imports = code.replaceAll(/^(?!import ).*\n/gm, '')
    const body = code.replaceAll(/^import .*\n/gm, '')
    const text = `${imports}${given}${body}`
    await writeFile(path.join(installed.project, files[index] ?? ''), text)
  }
  const options = { target: 'es2022', lib: ['ES2023', 'DOM'], module: 'nodenext', types: ['node'] }
  const compilerOptions = { ...options, strict: true, noEmit: true, skipLibCheck: true }
  const tsconfig = path.join(installed.project, 'tsconfig.json')
  await writeFile(tsconfig, JSON.stringify({ compilerOptions, files }))
  expect(await compile(['-p', 'tsconfig.json'], installed.project)).toEqual([])
})
