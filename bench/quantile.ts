/** The value below which a part of them lies; between two of them on a straight line. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const place = (sorted.length - 1) * part
  const [below = NaN, above = below] = sorted.slice(Math.floor(place), Math.floor(place) + 2)
  return below + (above - below) * (place % 1)
}

/** To the hundredth. */
export function round(value: number): number {
  return Math.round(value * 100) / 100
}
