/** Keeps from push services that fail for a while, so that nobody waits for each of their failures. */
export interface Circuits {
  /** Asks whether to make a request now. */
  ask(origin: string): Leave | Rest
}

/** A request may be made, and then is. */
export interface Leave {
  /** Must be called once: whether it failed, or `undefined` when it came to no end. */
  readonly note: (hasFailed: boolean | undefined) => void
}

/** The service is left alone. */
export type Rest =
  | { readonly leftMs: number }
  /** One request tries it: settled once it is known what came of that. */
  | { readonly tried: Promise<void> }

/** When a service is left alone. */
export interface CircuitOptions {
  readonly now: () => number
  /** After so many failures in a row. */
  readonly failures: number
  /** For so long at first; twice as long after each try that fails again. */
  readonly restMs: number
}

interface Circuit {
  failures: number
  /** 0 while requests are made. */
  restsUntil: number
  restMs: number
  tried: Promise<void> | undefined
}

/** Endpoints come from strangers, and so do their origins: this many are remembered at most. */
const mostOrigins = 500

/** No rest is longer. */
const longestRestMs = 600_000

/**
 * Makes the circuits of one sender, one an origin. Once a rest is over, one request is let through:
 * when it fails, the next rest begins; when it does not, all of them are.
 */
export function createCircuits({ now, failures, restMs }: CircuitOptions): Circuits {
  /** What failed last is at the end. */
  const circuits = new Map<string, Circuit>()

  const keep = (origin: string, circuit: Circuit): void => {
    circuits.delete(origin)
    const [oldest] = circuits.keys()
    if (oldest !== undefined && circuits.size >= mostOrigins) circuits.delete(oldest)
    circuits.set(origin, circuit)
  }

  const note = (origin: string, hasFailed: boolean): void => {
    if (!hasFailed) return void circuits.delete(origin)
    const circuit = circuits.get(origin) ?? { failures: 0, restsUntil: 0, restMs, tried: undefined }
    // What was under way as the rest began and fails now is no news.
    if (circuit.restsUntil) return undefined
    circuit.failures += 1
    if (circuit.failures >= failures) circuit.restsUntil = now() + circuit.restMs
    return keep(origin, circuit)
  }

  const tryAgain = (origin: string, circuit: Circuit): Leave => {
    let settle = (): void => {}
    circuit.tried = new Promise((resolve) => {
      settle = resolve
    })
    return {
      note(hasFailed) {
        circuit.tried = undefined
        if (hasFailed) {
          circuit.restMs = Math.min(circuit.restMs * 2, longestRestMs)
          circuit.restsUntil = now() + circuit.restMs
          keep(origin, circuit)
        } else if (hasFailed === false) circuits.delete(origin)
        settle()
      },
    }
  }

  return {
    ask(origin) {
      const circuit = circuits.get(origin)
      if (!circuit?.restsUntil) {
        return { note: (hasFailed) => hasFailed !== undefined && note(origin, hasFailed) }
      }
      if (circuit.tried) return { tried: circuit.tried }
      const leftMs = circuit.restsUntil - now()
      return leftMs > 0 ? { leftMs } : tryAgain(origin, circuit)
    },
  }
}
