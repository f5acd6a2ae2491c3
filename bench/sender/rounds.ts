/** Something to be timed against others. */
export interface Timed {
  readonly name: string
  /** Gives milliseconds of the clock, and of all threads' processor time. */
  readonly run: () => Promise<Times>
}

/** What one run took. */
export interface Times {
  readonly wallMs: number
  readonly cpuMs: number
}

/** Rounds that do not count: until then, code is still being compiled. */
const warmUps = 5

/**
 * Runs all of them in each round, one right after the other: what else the machine does meets all
 * alike. Who comes first moves on by one, and every other round goes backwards.
 *
 * @returns The times of each, in the order of the rounds.
 */
export async function playRounds(
  timed: readonly Timed[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly Times[]>> {
  const times = new Map(timed.map(({ name }) => [name, [] as Times[]]))
  for (let round = -warmUps; round < rounds; round++) {
    const start = Math.max(round, 0) % timed.length
    const order = [...timed.slice(start), ...timed.slice(0, start)]
    for (const { name, run } of round % 2 === 0 ? order : order.toReversed()) {
      const taken = await run()
      if (round >= 0) times.get(name)?.push(taken)
    }
  }
  return times
}

/** Times one piece of work. */
export async function timesOf(work: () => Promise<void>): Promise<Times> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work()
  const wallMs = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { wallMs, cpuMs: (user + system) / 1000 }
}

/** The median over the rounds of how much longer one took than the other. */
export function medianRatio(
  slower: readonly Times[] = [],
  faster: readonly Times[] = [],
  of: keyof Times = 'wallMs',
): number {
  return median(slower.map((times, round) => times[of] / (faster[round]?.[of] ?? NaN)))
}

/** The middle one. */
function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN
}

/** To two places. */
export function twoPlaces(value: number): number {
  return Math.round(value * 100) / 100
}
