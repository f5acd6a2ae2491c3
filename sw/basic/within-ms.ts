/**
 * Gives what comes of some work in time; `undefined` when it takes longer, or fails, of which the
 * worker's `error` event tells.
 */
export async function withinMs<Result>(
  ms: number,
  work: () => Result | Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await Promise.race([work(), new Promise<undefined>((late) => setTimeout(late, ms))])
  } catch (error) {
    reportError(error)
    return undefined
  }
}
