import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

interface Ended {
  readonly status: unknown
  readonly lines: readonly string[]
}

function run(args: readonly string[], environment: Record<string, string>): Promise<Ended> {
  const env = { ...process.env, ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { env }, (error, stdout) => {
      resolve({ status: error ? error.code : 0, lines: stdout.trimEnd().split('\n') })
    })
  })
}

/** What a step that failed looks like, for a person and for a program. */
function expectFailure({ status, lines }: Ended, json: boolean, step: string, cause: RegExp) {
  expect(status).toBe(1)
  if (json) {
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      ok: false,
      steps: [
        {
          step,
          ok: false,
          milliseconds: expect.any(Number) as number,
          cause: expect.stringMatching(cause) as string,
        },
      ],
    })
  } else {
    expect(lines[0]).toMatch(new RegExp(`^✗ ${step} +\\d+ ms  `))
    expect(lines.join('\n')).toMatch(cause)
  }
}

describe.each([
  ['a line', []],
  ['JSON', ['--json']],
])('npm start tells in %s', (_, words) => {
  const json = words.length > 0

  test('that there is no browser', async () => {
    const script = path.join(root, 'scripts/start.ts')
    const environment = { PUSHWELL_FIREFOX: path.join(root, 'nowhere') }
    const ended = await run([script, '--once', ...words], environment)
    expectFailure(ended, json, 'browser installed', /PUSHWELL_FIREFOX/)
  })

  describe('in a clone', () => {
    let clone: string
    beforeAll(async () => {
      clone = await mkdtemp(path.join(tmpdir(), 'pushwell-start-'))
      await mkdir(path.join(clone, 'bin'))
      const npm = path.join(clone, 'bin', 'npm')
      await writeFile(npm, '#!/bin/sh\nexit 7\n', { mode: 0o755 })
      for (const part of ['scripts', 'package.json', 'package-lock.json']) {
        await cp(path.join(root, part), path.join(clone, part), { recursive: true })
      }
    })
    afterAll(() => rm(clone, { recursive: true, force: true }))

    test.skipIf(process.platform === 'win32')('that the packages cannot be installed', async () => {
      const script = path.join(clone, 'scripts/fresh.mjs')
      const PATH = `${path.join(clone, 'bin')}:${process.env['PATH'] ?? ''}`
      const ended = await run([script, 'scripts/start.ts', '--once', ...words], { PATH })
      expectFailure(ended, json, 'packages installed', /npm install failed/)
    })
  })
})
