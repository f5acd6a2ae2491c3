import { build } from './build.ts'
import { runCommand } from './run-command.ts'

/** Prints what each entry weighs, minified and compressed with brotli, against its budget. */
const failure = await build()
const { ok, output } = await runCommand('size-limit', [])
console.log(output.trimEnd())
if (failure !== null) console.error(failure)
process.exitCode = ok && failure === null ? 0 : 1
