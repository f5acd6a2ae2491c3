/** Calls an app's listener; what it throws is reported like any uncaught error, and costs nobody else anything. */
export function reportErrors(call: () => void): void {
  try {
    call()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
