import { execFile } from 'node:child_process'
import { cp, readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type InstalledPackage, installPackage } from '../package/installed-package.ts'

const example = path.resolve(import.meta.dirname, '../../examples/testing')

let installed: InstalledPackage

beforeAll(async () => {
  installed = await installPackage()
  const readme = await readFile(path.join(example, 'README.md'), 'utf8')
  for (const [, packages = ''] of readme.matchAll(/^npm install --save-dev (.*)$/gm)) {
    for (const name of packages.split(' ')) if (name !== 'pushwell') await installed.add(name)
  }
  for (const name of ['sw.js', 'push.browser.test.js']) {
    await cp(path.join(example, name), path.join(installed.project, name))
  }
})
afterAll(() => installed?.remove())

test('the testing example is green in both browsers, with a worker and a sender of its own', async () => {
  // A test runner within a test runner must not take itself for a part of it.
  const { NODE_TEST_CONTEXT: _, VITEST: __, ...environment } = process.env
  const options = { cwd: installed.project, env: { ...environment, NO_COLOR: '1' } }
  const output = await new Promise<string>((resolve) => {
    const args = ['--test', '--test-reporter=tap', 'push.browser.test.js']
    execFile(process.execPath, args, options, (_error, stdout) => resolve(stdout))
  })
  expect(output).toMatch(/^# pass 2$/m)
  expect(output).toMatch(/^# fail 0$/m)
})
