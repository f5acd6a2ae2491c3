import { parseArgs } from 'node:util'
import type { BrowserEngine } from 'pushwell/testing'
import { startParts } from './start-parts.ts'
import { createStepRunner, type StepReport, stepLine } from './steps.ts'
import { makeTrip } from './trip.ts'

const usage = `Usage: npm start -- [--browser firefox|chromium] [--once] [--json] [--port N]

Starts the reference backend and a local push service, makes the trip of one push in a real
headless browser, and stays up with a page to try by hand.

  --browser  which one; Firefox unless given
  --once     end after the trip: exit status 0 when it went well, 1 when a step failed
  --json     print the steps as JSON, in one line; with the page's URL if it stays up
  --port N   where the page answers; any free port with --once, else 3000`

/** Starts everything, makes the trip, and says how it went. @returns The exit status. */
async function main(): Promise<number> {
  const { engine, once, json, port } = readArguments()
  const ended = endOf(process)
  const steps: StepReport[] = []
  const step = createStepRunner((report) => {
    // What is cut short did not fail.
    if (ended.aborted) return
    steps.push(report)
    if (!json) console.log(stepLine(report))
  })
  await using stack = new AsyncDisposableStack()
  let url: string | null = null
  let campaigns = ''
  try {
    const parts = await step('everything started', () =>
      startParts(stack, { engine, port, environment: process.env, signal: ended }),
    )
    await Promise.race([makeTrip(parts, step), aborted(ended)])
    await step('browser closed', () => parts.browser.close())
    url = parts.backend.url
    campaigns = `${url}/campaigns?token=${parts.backend.adminToken}`
  } catch {
    // The step runner has told which step failed, and why.
  }
  const ok = url !== null
  const stays = ok && !once
  if (json) console.log(JSON.stringify({ ok, steps, ...(stays && { url }) }))
  else if (ok) console.log('ok')
  if (!stays) return ok ? 0 : 1
  if (!json)
    console.log(`\nTry it by hand: ${url}   (Ctrl+C ends it)\nSend to many:   ${campaigns}`)
  await aborted(ended).catch(() => undefined)
  return 0
}

/**
 * Tells when the process is asked to end. Asking twice changes nothing: Ctrl+C reaches a process
 * both from the terminal and from the one that started it.
 */
function endOf(running: NodeJS.Process): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) running.on(name, () => controller.abort())
  return controller.signal
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
}

function readArguments() {
  const { once, json, port, browser } = parseArgs({
    options: {
      browser: { type: 'string', default: 'firefox' },
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      port: { type: 'string' },
    },
  }).values
  if (browser !== 'firefox' && browser !== 'chromium') {
    throw new TypeError(`--browser must be firefox or chromium; got ${browser}.`)
  }
  const engine: BrowserEngine = browser
  return { engine, once, json, port: Number(port ?? (once ? 0 : 3000)) }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  return 1
})
