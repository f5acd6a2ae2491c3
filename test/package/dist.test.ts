import { existsSync, readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtScripts, distFolder, readManifest } from './built-package.ts'
import { root, runNode } from './run-node.ts'

const dist = distFolder()
const manifest = readManifest()

function readMap(script: string): SourceMapPayload {
  return JSON.parse(readFileSync(path.join(dist, `${script}.map`), 'utf8')) as SourceMapPayload
}

describe('package.json', () => {
  const targets = [
    ...Object.values(manifest.exports).flatMap((target) =>
      typeof target === 'string' ? target : Object.values(target),
    ),
    ...Object.values(manifest.bin),
    manifest.unpkg,
    manifest.jsdelivr,
  ]

  test.each([...new Set(targets)])('names %s, which is there', (target) => {
    expect(existsSync(path.join(root, target))).toBe(true)
  })

  test('names every script of dist that is not shared between others', () => {
    const entries = builtScripts().filter((script) => !script.startsWith('shared/'))
    expect(targets).toEqual(expect.arrayContaining(entries.map((entry) => `./dist/${entry}`)))
  })
})

describe.each(builtScripts())('the source map of dist/%s', (script) => {
  test('is named by the script', () => {
    const code = readFileSync(path.join(dist, script), 'utf8').trimEnd()
    expect(code.slice(code.lastIndexOf('\n') + 1)).toBe(
      `//# sourceMappingURL=${path.posix.basename(script)}.map`,
    )
  })

  test('leads to TypeScript of this repository, and holds it', () => {
    const { sources, sourcesContent } = readMap(script)
    const files = sources.map((source) =>
      path
        .relative(root, path.resolve(dist, path.dirname(script), source))
        .replaceAll(path.sep, '/'),
    )
    expect(files).not.toEqual([])
    for (const file of files) expect(file).toMatch(/^((src|sw)\/.+\.ts|node_modules\/idb\/.+)$/)
    expect(sourcesContent).toHaveLength(files.length)
    for (const content of sourcesContent) expect(content).toMatch(/\S/)
  })
})

test.each([
  ['pushwell.js', 'userVisibleOnly', 'src/client/subscribe.ts'],
  ['pushwell.global.js', 'userVisibleOnly', 'src/client/subscribe.ts'],
  ['sw.js', 'pushsubscriptionchange', 'sw/listen.ts'],
  ['pushwell-sw.global.js', 'pushsubscriptionchange', 'sw/listen.ts'],
  ['server.js', 'globalThis.fetch', 'src/server/push-sender.ts'],
  ['server-node.js', "'aes-128-gcm'", 'src/server-node/encrypt-message.ts'],
])('the map of dist/%s finds %s where it was written', (script, word, file) => {
  const lines = readFileSync(path.join(dist, script), 'utf8').split('\n')
  const line = lines.findIndex((text) => text.includes(word))
  const map = readMap(script)
  const entry = new SourceMap(map).findEntry(line, lines[line]?.indexOf(word) ?? 0)
  if (!('originalSource' in entry)) throw new Error(`Nothing of the map is about "${word}".`)
  expect(entry.originalSource).toContain(file)
  const source = map.sourcesContent?.[map.sources.indexOf(entry.originalSource)] ?? ''
  expect(source.split('\n')[entry.originalLine]).toContain(word)
})

describe('the pushwell program', () => {
  const cli = path.join(root, manifest.bin['pushwell'] ?? '')

  test('starts with a line that has Node run it', () => {
    expect(readFileSync(cli, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node')
  })

  test('tells the version of the package', async () => {
    expect(await runNode([cli, '--version'])).toEqual({
      exitCode: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    })
  })

  test('makes a VAPID key pair', async () => {
    const { stdout } = await runNode([cli, 'keys', '--json'])
    const { publicKey, privateKey } = JSON.parse(stdout) as Record<string, string>
    const point = Buffer.from(publicKey ?? '', 'base64url')
    expect([point.length, point[0]]).toEqual([65, 4])
    expect(Buffer.from(privateKey ?? '', 'base64url')).toHaveLength(32)
  })

  test('ends with status 2 for a command that there is not', async () => {
    const { exitCode, stderr } = await runNode([cli, 'kyes'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('"kyes"')
  })
})
