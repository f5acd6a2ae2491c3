import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { BrowserEngine } from '../src/testing/index.ts'
import { ensureBrowsers } from './browsers.ts'
import { build } from './build.ts'
import { root } from './run-command.ts'

/** What a proof takes. */
export interface ProofOptions {
  /** How often, in the proof's own unit. */
  readonly count: number
  /** What its random choices come from. */
  readonly seed: number
}

/** What a proof came to. */
export interface ProofFigures {
  /** Zero when it holds. */
  readonly failures: number
  readonly [figure: string]: number | string
}

/** A proof: what a file in `test/prove` exports by the name of the file. */
export interface Proof {
  /** How often, unless the command says otherwise. */
  readonly count: number
  /** What is installed for it where it is missing. */
  readonly browsers: readonly BrowserEngine[]
  readonly run: (options: ProofOptions) => Promise<ProofFigures>
}

const proofs = path.join(root, 'test', 'prove')

/** Runs one proof; the last line is its figures as JSON, the status 0 when nothing failed. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { count: { type: 'string' }, seed: { type: 'string' } },
  })
  const names = (await readdir(proofs)).flatMap(
    (file) => /^(\w+)\.proof\.ts$/.exec(file)?.[1] ?? [],
  )
  const [name = ''] = positionals
  const asked = Number(values.count ?? 1)
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
  if (!names.includes(name) || !Number.isInteger(asked) || asked < 1 || !Number.isInteger(seed)) {
    console.error(`Usage: npm run prove -- NAME [--count N] [--seed S]\nNAME: ${names.join(', ')}`)
    return 2
  }
  const failure = await build()
  if (failure !== null) throw new Error(failure)
  // Only now: some proofs import what was built.
  const module = (await import(path.join(proofs, `${name}.proof.ts`))) as Record<string, Proof>
  const proof = module[name]
  if (!proof) throw new Error(`test/prove/${name}.proof.ts does not export what it is named after.`)
  if (proof.browsers.length > 0) await ensureBrowsers(proof.browsers, console.error)
  const count = values.count === undefined ? proof.count : asked
  const figures = await proof.run({ count, seed })
  console.log(JSON.stringify({ proof: name, count, seed, ...figures }))
  return figures.failures === 0 ? 0 : 1
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error)
  return 1
})
