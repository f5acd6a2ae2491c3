import { setTimeout as delay } from 'node:timers/promises'

/**
 * Looks again and again until something holds.
 *
 * @throws Error when it does not in time.
 */
export async function until(holds: () => Promise<boolean>, patienceMs: number): Promise<void> {
  const end = performance.now() + patienceMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`It did not come to it in ${patienceMs} ms.`)
    await delay(50)
  }
}
