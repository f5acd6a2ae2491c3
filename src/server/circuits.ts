/** Keeps from push services that fail for a while, so that nobody waits for each of their failures. */
export interface Circuits {
  /** Milliseconds that a service is still left alone; 0 when a request may be made, and then is. */
  restOf(origin: string): number
  /** Takes note of what came of a request. */
  note(origin: string, hasFailed: boolean): void
}

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
  /** The one request after a rest is under way. */
  isTrying: boolean
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
  const circuits = new Map<string, Circuit>()
  return {
    restOf(origin) {
      const circuit = circuits.get(origin)
      if (!circuit?.restsUntil) return 0
      const left = circuit.restsUntil - now()
      if (left > 0) return left
      // Whoever comes next waits for this one, but not for ever: it may be ended without a word.
      circuit.restsUntil = now() + circuit.restMs
      circuit.isTrying = true
      return 0
    },
    note(origin, hasFailed) {
      if (!hasFailed) {
        circuits.delete(origin)
        return
      }
      const circuit = circuits.get(origin) ?? {
        failures: 0,
        restsUntil: 0,
        restMs,
        isTrying: false,
      }
      if (circuits.size >= mostOrigins && !circuits.has(origin)) circuits.clear()
      circuits.set(origin, circuit)
      circuit.failures += 1
      if (circuit.failures < failures) return
      // What was under way as the rest began and fails now is no news.
      if (circuit.restsUntil && !circuit.isTrying) return
      if (circuit.isTrying) circuit.restMs = Math.min(circuit.restMs * 2, longestRestMs)
      circuit.isTrying = false
      circuit.restsUntil = now() + circuit.restMs
    },
  }
}
