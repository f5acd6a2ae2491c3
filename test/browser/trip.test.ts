import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { generateVapidKeys } from '../../src/server/index.ts'
import { engines } from './world.ts'

const script = fileURLToPath(new URL('../../examples/trip/main.ts', import.meta.url))

/** Runs the trip as `npm start` does once everything is installed and built. */
function trip(args: readonly string[], environment: Record<string, string> = {}) {
  return new Promise<{ status: number; lines: string[] }>((resolve) => {
    const env = { ...process.env, ...environment }
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) => {
      const status = typeof error?.code === 'number' ? error.code : error ? -1 : 0
      resolve({ status, lines: (stdout.trim() || stderr.trim()).split('\n') })
    })
  })
}

const steps = [
  'everything started',
  'page loaded',
  'permission',
  'worker',
  'subscription',
  'stored in the backend',
  'message sent and accepted',
  'received',
  'shown on the desktop',
  'clicked',
  'page opened',
  'browser closed',
]

describe('the trip of one push', () => {
  test('goes from the permission to the opened page, a line a step, and ends with ok', async () => {
    const { status, lines } = await trip(['--once'])
    const names = lines.slice(0, -1).map((line) => /^✓ (.*?) +\d+ ms$/.exec(line)?.[1])
    expect(names).toEqual(steps)
    expect(lines.at(-1)).toBe('ok')
    expect(status).toBe(0)
  })

  test.each(engines)('goes all the way in %s, told in one line of JSON', async (engine) => {
    const { status, lines } = await trip(['--once', '--browser', engine, '--json'])
    expect(lines).toHaveLength(1)
    const report = JSON.parse(lines[0] ?? '') as unknown
    const milliseconds = expect.any(Number) as number
    expect(report).toEqual({
      ok: true,
      steps: steps.map((step) => ({ step, ok: true, milliseconds })),
    })
    expect(status).toBe(0)
  })

  test('names the step that fails, and the cause, as JSON too, and ends with status 1', async () => {
    const [one, other] = await Promise.all([generateVapidKeys(), generateVapidKeys()])
    const { status, lines } = await trip(['--once', '--json'], {
      VAPID_PUBLIC_KEY: one.publicKey,
      VAPID_PRIVATE_KEY: other.privateKey,
    })
    expect(lines).toHaveLength(1)
    const report = JSON.parse(lines[0] ?? '') as { ok: boolean; steps: Record<string, unknown>[] }
    expect(report.ok).toBe(false)
    expect(report.steps.map(({ step }) => step)).toEqual(steps.slice(0, 7))
    expect(report.steps.at(-1)).toMatchObject({
      ok: false,
      cause: expect.stringContaining('vapid') as string,
    })
    expect(status).toBe(1)
  })

  test('says in a line that there is no browser', async () => {
    const { status, lines } = await trip(['--once'], { PUSHWELL_FIREFOX: '/nowhere/firefox' })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^✗ everything started .*PUSHWELL_FIREFOX/)
    expect(status).toBe(1)
  })

  test('refuses words that it does not know', async () => {
    const { status, lines } = await trip(['--twice'])
    expect(lines[0]).toContain('--twice')
    expect(status).toBe(1)
  })
})
