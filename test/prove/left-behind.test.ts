import { execFile } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { leftBehind } from './left-behind.ts'

const patienceMs = 200

const run = promisify(execFile)

/** Starts a process whose parent is gone at once. */
async function orphan(environment: NodeJS.ProcessEnv): Promise<number> {
  const { stdout } = await run('sh', ['-c', 'sleep 60 >/dev/null 2>&1 & echo $!'], {
    env: environment,
  })
  const id = Number(stdout)
  onTestFinished(() => {
    process.kill(id)
  })
  return id
}

describe('what is left behind', () => {
  test('is nothing after something that cleans up', async () => {
    expect(await leftBehind(() => Promise.resolve())).toEqual([])
  })

  test('is a folder that nobody removed', async () => {
    const left = await leftBehind(async () => {
      await mkdtemp(path.join(tmpdir(), 'pushwell-browser-'))
    }, patienceMs)
    expect(left).toEqual([expect.stringMatching(/^folder pushwell-browser-/)])
  })

  test.runIf(process.platform === 'linux')(
    'is a process that has lost its parent, and none of anybody else',
    async () => {
      let ours = 0
      const { ...others } = process.env
      const left = await leftBehind(async () => {
        ours = await orphan(process.env)
        await orphan(others)
      }, patienceMs)
      expect(left).toEqual([`process ${ours}`])
    },
  )

  test.runIf(process.platform === 'linux')('is a socket, also one that waits unseen', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    onTestFinished(() => {
      server.close()
    })
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('No port.')
    const left = await leftBehind(async () => {
      const socket = connect(address.port, '127.0.0.1').unref()
      onTestFinished(() => {
        socket.destroy()
      })
      await new Promise((resolve) => server.once('connection', resolve))
    }, patienceMs)
    expect(left).toContainEqual(expect.stringMatching(/^socket:/))
  })
})
