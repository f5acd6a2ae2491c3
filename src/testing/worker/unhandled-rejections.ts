/**
 * Takes the unhandled rejections of some code out of the process's, so that they do not end the
 * process or fail the test runner's run. All others go where they went before.
 *
 * @param isOurs - Asked in the asynchronous context that the promise was rejected in.
 * @returns What undoes it.
 */
export function catchUnhandledRejections(
  isOurs: () => boolean,
  caught: (reason: unknown) => void,
): () => void {
  const emit: unknown = Reflect.get(process, 'emit')
  let active = true
  const wrapper = function (this: unknown, ...parameters: readonly unknown[]): boolean {
    if (active && parameters[0] === 'unhandledRejection' && isOurs()) {
      caught(parameters[1])
      return true
    }
    return Reflect.apply(emit as typeof process.emit, process, parameters) as boolean
  } as typeof process.emit
  process.emit = wrapper
  return () => {
    active = false
    // Another wrapper may lie around this one by now; then this one only passes things on.
    if (process.emit === wrapper) process.emit = emit as typeof process.emit
  }
}
