import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines } from './world.ts'

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pushwell-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Every live process whose environment has its temporary files in this test's folder. */
async function processesHere(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const environments = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/environ`, 'latin1').catch(() => '')),
  )
  return ids.filter((_, index) => environments[index]?.includes(folder))
}

describe.each(engines)('pushwell service --%s', (engine) => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'opens the browser on the service, and leaves nothing when %s ends it',
    async (signal) => {
      const child = spawn(process.execPath, [cli, 'service', `--${engine}`, '--headless'], {
        env: { ...process.env, TMPDIR: folder },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const exited = once(child, 'exit')
      let out = ''
      for await (const chunk of child.stdout.setEncoding('utf8')) {
        out += String(chunk)
        if (!out.includes('is open on it')) continue
        expect(await processesHere()).not.toHaveLength(0)
        child.kill(signal)
        break
      }
      expect(out).toMatch(/^The push service stands at http:\/\/localhost:\d+$/m)
      expect(out).toMatch(engine === 'firefox' ? /^firefox\/\d/m : /^Chrome\/\d/m)
      expect(await exited).toEqual([0, null])
      expect(await processesHere()).toEqual([])
      expect(await readdir(folder)).toEqual([])
    },
  )
})
