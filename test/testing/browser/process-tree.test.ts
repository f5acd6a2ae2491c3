import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { findProcesses, killProcesses } from '../../../src/testing/browser/process-tree.ts'

const started: ChildProcess[] = []

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** Starts a process that leads a group of its own and does nothing until it is ended. */
async function startIdle(environment: Record<string, string> = {}): Promise<number> {
  const child = spawn('sleep', ['600'], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  })
  started.push(child)
  await once(child, 'spawn')
  return child.pid ?? 0
}

describe.skipIf(process.platform !== 'linux')('the processes of a browser', () => {
  test('are those of its group, and those that left the group but carry its mark', async () => {
    const leader = await startIdle()
    const helper = await startIdle({ PUSHWELL_TEST: 'ours' })
    await startIdle({ PUSHWELL_TEST: 'ours too' })
    const found = await findProcesses(leader, 'PUSHWELL_TEST=ours')
    expect(new Set(found)).toEqual(new Set([leader, helper]))
  })

  test('are all ended, and no other', async () => {
    const leader = await startIdle()
    const helper = await startIdle({ PUSHWELL_TEST: 'ended' })
    const other = await startIdle({ PUSHWELL_TEST: 'kept' })
    await killProcesses(leader, 'PUSHWELL_TEST=ended')
    expect(await findProcesses(leader, 'PUSHWELL_TEST=ended')).toEqual([])
    expect(await findProcesses(helper, 'PUSHWELL_TEST=ended')).toEqual([])
    expect(await findProcesses(other, 'PUSHWELL_TEST=kept')).toEqual([other])
  })
})
