// For runtimes that run a program: the task is its argument, the result its last line.
import { sendSizes } from './runtimes-program.mjs'

const task = JSON.parse(globalThis.process.argv[2])
globalThis.console.log(JSON.stringify(await sendSizes(task)))
