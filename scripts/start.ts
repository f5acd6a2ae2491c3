import { ensureBrowsers } from './browsers.ts'
import { build } from './build.ts'

/** Makes everything ready that `examples/trip` needs. @returns What went wrong, or `null`. */
async function makeReady(): Promise<string | null> {
  const chromium = process.argv.slice(2).some((word) => /^(--browser=)?chromium$/.test(word))
  try {
    await ensureBrowsers([chromium ? 'chromium' : 'firefox'], console.error)
    return await build()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const failure = await makeReady()
if (failure === null) {
  // In this process, so that there is one to end; only now, since it runs on what was built.
  await import(new URL('../examples/trip/main.ts', import.meta.url).href)
} else {
  console.error(failure)
  process.exitCode = 1
}
