#!/usr/bin/env node
import { run } from './run.ts'

const ending = new AbortController()
// On, and not once: a browser that is open ends with the signal too, and takes this process along
// when nobody listens any more.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort())

process.exitCode = await run(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  signal: ending.signal,
})
