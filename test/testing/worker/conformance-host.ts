import type { ConformanceCase } from './conformance-cases.ts'

/** What the worker is sent. */
export interface ConformanceMessage {
  readonly id: string
  readonly setup: string
  readonly code: string
  readonly trigger: string
}

/** A place that `conformance-worker.js` runs in: a browser, or the harness. */
export interface ConformanceHost {
  /** Posts a message to the worker from a window that it controls. */
  post(message: ConformanceMessage): Promise<unknown>
  push(payload: string | Uint8Array | undefined): Promise<unknown>
  click(title: string, action: string | undefined): Promise<unknown>
  dismiss(title: string): Promise<unknown>
}

/** What the worker has reported. */
export interface Observations {
  /** Takes the body of a request to `/observed`. */
  take(body: string): void
  /** Resolves to the next report of a case. */
  next(id: string): Promise<unknown>
}

/** Makes a place for reports. */
export function createObservations(): Observations {
  const waiting = new Map<string, (value: unknown) => void>()
  return {
    take(body) {
      const { id, value } = JSON.parse(body) as { id: string; value: unknown }
      waiting.get(id)?.(value)
    },
    next: (id) => new Promise((resolve) => waiting.set(id, resolve)),
  }
}

/** Runs a case, and gives what its code returned, as JSON has it. */
export async function observe(
  host: ConformanceHost,
  observations: Observations,
  { setup = '', code, trigger = 'message', payload, action }: ConformanceCase,
  id: string,
): Promise<unknown> {
  const first = observations.next(id)
  await host.post({ id, setup, code, trigger })
  const found = await first
  if (trigger === 'message' || found !== 'ready') return found
  const second = observations.next(id)
  const title = `Last of ${id}`
  if (trigger === 'push') await host.push(payload)
  else if (trigger === 'notificationclick') await host.click(title, action)
  else await host.dismiss(title)
  return second
}
