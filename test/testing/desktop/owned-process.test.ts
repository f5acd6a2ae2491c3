import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { startOwnedProcess } from '../../../src/testing/desktop/owned-process.ts'
import type { OwnedProcess } from '../../../src/testing/desktop/owned-process.ts'

const failure = { errorCode: 'desktop-unavailable', remedy: 'Install it.' } as const

function startShell(script: string): Promise<OwnedProcess> {
  return startOwnedProcess('/bin/sh', ['-c', script], failure)
}

describe.skipIf(process.platform !== 'linux')('an owned process', () => {
  test('gives the line that was waited for, said before or after', async () => {
    const shell = await startShell('echo one; echo two 2 >&2; exec sleep 600')
    const [, number] = await shell.waitForLine(/^two (\d)/, 10_000)
    expect(number).toBe('2')
    expect((await shell.waitForLine(/^one$/, 10_000))[0]).toBe('one')
    shell.signal('SIGKILL')
    await shell.exited
  })

  test('fails with its last words when it ends before that line', async () => {
    const shell = await startShell('echo no such thing >&2; sleep 0; exit 1')
    await expect(shell.waitForLine(/^ready$/, 10_000)).rejects.toMatchObject({
      code: 'desktop-unavailable',
      message: expect.stringContaining('no such thing'),
    })
    await shell.exited
    shell.signal('SIGTERM')
  })

  test('cannot be started when there is no such command', async () => {
    await expect(startOwnedProcess('/no/such/command', [], failure)).rejects.toMatchObject({
      code: 'desktop-unavailable',
      message: 'Could not start /no/such/command. Install it.',
    })
  })

  test.each([
    ['ends by itself', 'process.exit(0)', undefined],
    ['fails', 'throw new Error("on purpose")', undefined],
    ['is ended by a signal', 'setInterval(() => undefined, 1000)', 'SIGTERM'],
  ] as const)('ends with its owner when that %s', async (_, ending, signal) => {
    const source = new URL('../../../src/testing/desktop/owned-process.ts', import.meta.url).href
    const owner = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { startOwnedProcess } from ${JSON.stringify(source)}
         const { pid } = await startOwnedProcess('sleep', ['600'], ${JSON.stringify(failure)})
         process.stdout.write(pid + '\\n', () => { ${ending} })`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    const ended = once(owner, 'exit')
    const [said] = await once(owner.stdout, 'data')
    const pid = Number(said)
    expect(pid).toBeGreaterThan(0)
    if (signal) owner.kill(signal)
    const [, endedBy] = await ended
    expect(endedBy).toBe(signal ?? null)
    await expect.poll(() => isRunning(pid), { timeout: 5000 }).toBe(false)
  })
})

/** A process that has ended but that nobody has waited for yet (a zombie) is not running. */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return status !== '' && !/^State:\s+[ZX]/m.test(status)
}
