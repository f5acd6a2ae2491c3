import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './run-command.ts'

/** What a bench takes. */
export interface BenchOptions {
  /** How often each side is measured. */
  readonly count: number
}

/** What a bench came to: it has no target, and cannot fail. */
export interface BenchResult {
  /** For people: a row for each side. */
  readonly rows: readonly Readonly<Record<string, string | number>>[]
  /** For programs. */
  readonly figures: Readonly<Record<string, number>>
}

/** A bench: the function that a file in `bench` is named after. */
export type Bench = (options: BenchOptions) => Promise<BenchResult>

const benches = path.join(root, 'bench')

/** Runs one bench, and prints a table; the last line is its figures as JSON. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { count: { type: 'string', default: '200' } },
  })
  const names = (await readdir(benches)).flatMap(
    (file) => /^([\w-]+)\.bench\.ts$/.exec(file)?.[1] ?? [],
  )
  const [name = ''] = positionals
  const count = Number(values.count)
  if (!names.includes(name) || !Number.isInteger(count) || count < 1) {
    console.error(`Usage: npm run bench -- NAME [--count N]\nNAME: ${names.join(', ')}`)
    return 2
  }
  const module = (await import(path.join(benches, `${name}.bench.ts`))) as Record<string, Bench>
  const bench = module[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())]
  if (!bench) throw new Error(`bench/${name}.bench.ts does not export what it is named after.`)
  const { rows, figures } = await bench({ count })
  console.table(rows)
  console.log(JSON.stringify({ bench: name, count, ...figures }))
  return 0
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error)
  return 1
})
