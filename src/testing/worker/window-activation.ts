import type { EngineTraits } from './worker-engine.ts'

/** Whether the worker may open and focus windows: for a while after a click. */
export interface WindowActivation {
  /** Lets it, as a click does. */
  begin(): void
  /** Takes it back, as the end of the click's event does. */
  end(): void
  /** Uses it once; `false` when there is none. */
  use(): boolean
}

/** Makes the activation of one run of a worker: none yet. */
export function createWindowActivation(
  { activationMs, activationUses }: EngineTraits,
  now: () => number,
): WindowActivation {
  let until = -Infinity
  let uses = 0
  return {
    begin() {
      until = now() + activationMs
      uses = activationUses
    },
    end() {
      uses = 0
    },
    use() {
      if (uses <= 0 || now() > until) return false
      uses -= 1
      return true
    },
  }
}
