import { createStepRunner, type StepReport, stepLine } from '../examples/trip/steps.ts'
import { ensureBrowsers } from './browsers.ts'
import { build } from './build.ts'

const words = process.argv.slice(2)

/**
 * Makes everything ready that `examples/trip` needs.
 *
 * @returns The step that failed, or `null`.
 */
async function makeReady(): Promise<StepReport | null> {
  const chromium = words.some((word) => /^(--browser=)?chromium$/.test(word))
  let failed: StepReport | null = null
  const step = createStepRunner((report) => {
    if (!report.ok) failed = report
  })
  try {
    await step('browser installed', () =>
      ensureBrowsers([chromium ? 'chromium' : 'firefox'], console.error),
    )
    await step('built', async () => {
      const failure = await build()
      if (failure !== null) throw new Error(failure)
    })
  } catch {
    // The step runner has told which step failed, and why.
  }
  return failed
}

const failed = await makeReady()
if (failed === null) {
  // In this process, so that there is one to end; only now, since it runs on what was built.
  await import(new URL('../examples/trip/main.ts', import.meta.url).href)
} else {
  const json = words.includes('--json')
  console.log(json ? JSON.stringify({ ok: false, steps: [failed] }) : stepLine(failed))
  process.exitCode = 1
}
