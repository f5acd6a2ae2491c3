import { cp, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readManifest } from './built-package.ts'
import { compile } from './compile.ts'
import { type InstalledPackage, installPackage } from './installed-package.ts'
import { runNode, toolScript } from './run-node.ts'

/** Ways to write a project that uses the package: what runs there is what it may name. */
const projects: ReadonlyArray<readonly [title: string, file: string, lib: string, types: string]> =
  [
    ['a page', 'page.mts', 'ES2022,DOM,DOM.Iterable', ''],
    ['a worker', 'worker.mts', 'ES2022,WebWorker', ''],
    ['a worker in a project of pages', 'worker.mts', 'ES2023,DOM', ''],
    ['a server on Node', 'server.mts', 'ES2023', 'node'],
    ['a server on a runtime of web standards', 'server.mts', 'ES2023,WebWorker', ''],
    ['messages', 'messages.mts', 'ES2022', ''],
    ['a test of the whole trip', 'testing.mts', 'ES2023,DOM', 'node'],
  ]

const resolutions: ReadonlyArray<readonly [moduleResolution: string, module: string]> = [
  ['bundler', 'esnext'],
  ['nodenext', 'nodenext'],
]

let installed: InstalledPackage

beforeAll(async () => {
  installed = await installPackage()
  await cp(path.join(import.meta.dirname, 'consumers'), installed.project, { recursive: true })
  for (const name of ['@types/node', ...Object.keys(readManifest().peerDependencies)]) {
    await installed.add(name)
  }
})

afterAll(() => installed.remove())

describe.each(resolutions)('with moduleResolution %s', (moduleResolution, module) => {
  test.each(projects)('the types serve %s', async (_title, file, lib, types) => {
    const tsconfig = {
      compilerOptions: {
        target: 'es2022',
        lib: lib.split(','),
        types: types.split(',').filter(Boolean),
        module,
        moduleResolution,
        strict: true,
        noEmit: true,
        // What the package publishes is checked, TypeScript's own libraries need not be.
        skipLibCheck: false,
        skipDefaultLibCheck: true,
      },
      files: [file],
    }
    await writeFile(path.join(installed.project, 'tsconfig.json'), JSON.stringify(tsconfig))
    expect(await compile(['-p', 'tsconfig.json'], installed.project)).toEqual([])
  })
})

test('are the types wrong? says that they are not', async () => {
  const attw = toolScript('@arethetypeswrong', 'cli', 'dist', 'index.js')
  // The two files for a script tag are no modules: there is nothing to import from them.
  const scripts = Object.keys(readManifest().exports).filter((name) => name.endsWith('.global.js'))
  const options = ['--profile', 'esm-only', '--format', 'table-flipped', '--no-color', '--no-emoji']
  const { exitCode, stdout, stderr } = await runNode([
    attw,
    ...options,
    '--exclude-entrypoints',
    ...scripts,
    '--',
    installed.tarball,
  ])
  expect(exitCode, stdout + stderr).toBe(0)
  expect(stdout).toContain('pushwell/server')
})
