import { execFile } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type InstalledPackage, installPackage } from '../package/installed-package.ts'

const root = path.resolve(import.meta.dirname, '../..')
const example = path.join(root, 'examples/testing')

interface Ended {
  readonly exitCode: number | string | null | undefined
  readonly output: string
}

/** Runs one of the example's commands, as its reader does. */
function run(folder: string, args: readonly string[]): Promise<Ended> {
  // A test runner within a test runner must not take itself for a part of it.
  const { NODE_TEST_CONTEXT: _, VITEST: __, ...environment } = process.env
  const options = { cwd: folder, env: { ...environment, NO_COLOR: '1' }, timeout: 60_000 }
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], options, (error, stdout, stderr) => {
      resolve({ exitCode: error ? error.code : 0, output: stdout + stderr })
    })
  })
}

let installed: InstalledPackage
let worker: string

beforeAll(async () => {
  installed = await installPackage()
  const readme = await readFile(path.join(example, 'README.md'), 'utf8')
  const [, packages = ''] = /^npm install --save-dev pushwell (.*)$/m.exec(readme) ?? []
  for (const name of packages.split(' ')) await installed.add(name)
  for (const name of ['sw.js', 'sw.vitest.test.js', 'sw.node.test.js', 'sw.jest.test.js']) {
    await cp(path.join(example, name), path.join(installed.project, name))
  }
  worker = await readFile(path.join(example, 'sw.js'), 'utf8')
}, 60_000)

afterAll(() => installed?.remove())

const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
const jest = path.join(root, 'node_modules/jest/bin/jest.js')

describe.each([
  ['vitest', [vitest, 'run', 'sw.vitest', '--root', '.']],
  ['node:test', ['--test', 'sw.node.test.js']],
  ['Jest', ['--experimental-vm-modules', jest, 'sw.jest']],
])('the testing example with %s', (_, args) => {
  const runWith = async (script: string) => {
    await writeFile(path.join(installed.project, 'sw.js'), script)
    return run(installed.project, args)
  }

  test('is green', { timeout: 60_000 }, async () => {
    const { exitCode, output } = await runWith(worker)
    expect(output).not.toMatch(/fail [1-9]|failed/)
    expect(exitCode).toBe(0)
  })

  test.each([
    ['shows nothing for what it cannot read', '    return {}\n', '    throw new Error("unread")\n'],
    ['opens the wrong page', 'event.notification.data.url', "'/'"],
    [
      'does not wait for what it shows',
      'event.waitUntil(showPush(event.data))',
      'setTimeout(() => showPush(event.data), 50)',
    ],
  ])('is red when the worker %s', { timeout: 60_000 }, async (__, good, bad) => {
    expect(worker).toContain(good)
    const { exitCode, output } = await runWith(worker.replace(good, bad))
    expect(exitCode).toBe(1)
    // Its own assertions failed, not the loading.
    expect(output).toMatch(/AssertionError|ERR_ASSERTION|expect\(received\)/)
  })
})
