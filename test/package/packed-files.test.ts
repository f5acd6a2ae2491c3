import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtScripts } from './built-package.ts'
import { type InstalledPackage, installPackage } from './installed-package.ts'

const allowed = [
  /^dist\/.+\.js(\.map)?$/,
  /^dist\/types\/.+\.d\.ts$/,
  /^docs\/.+\.(md|ya?ml|json|svg|png)$/,
  /^(package\.json|LICENSE|(README|CHANGELOG|THIRD_PARTY_NOTICES)\.md)$/,
]

let installed: InstalledPackage
let files: string[] = []

beforeAll(async () => {
  installed = await installPackage()
  files = readdirSync(installed.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(installed.folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.replaceAll(path.sep, '/'))
})

afterAll(() => installed.remove())

test('the package holds nothing but what was built and what is to be read', () => {
  expect(files.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual([])
})

test('the package holds every built script with its map', () => {
  const scripts = builtScripts().flatMap((script) => [`dist/${script}`, `dist/${script}.map`])
  expect(files).toEqual(expect.arrayContaining(scripts))
})

test('the package holds the words that go with it', () => {
  expect(files).toEqual(
    expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'THIRD_PARTY_NOTICES.md']),
  )
})
