import { typeError } from '../../shared/errors.ts'

const installed = Symbol.for('pushwell.worker.globals')

/**
 * Puts a worker's globals on `globalThis`, for a script that a test runner imports its own way.
 *
 * @returns What undoes it.
 * @throws TypeError when another worker's are there.
 */
export function installGlobals(descriptors: PropertyDescriptorMap): () => void {
  if (installed in globalThis) {
    throw typeError(
      'invalid-argument',
      'globals: another worker has its globals on globalThis; dispose of it first.',
    )
  }
  const all = { ...descriptors, [installed]: { value: true, configurable: true } }
  const names = Reflect.ownKeys(all)
  const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name))
  Object.defineProperties(globalThis, all)
  return () => {
    for (const [index, name] of names.entries()) {
      const descriptor = before[index]
      if (descriptor) Object.defineProperty(globalThis, name, descriptor)
      else Reflect.deleteProperty(globalThis, name)
    }
  }
}
