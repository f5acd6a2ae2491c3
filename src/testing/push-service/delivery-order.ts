/** In which order messages go out: as they came, the newest first, or by chance. */
export type DeliveryOrder = 'received' | 'reversed' | 'shuffled'

/**
 * Orders what is given oldest first.
 *
 * @param random - Gives a number from 0 up to, not including, 1.
 */
export function orderMessages<Message>(
  messages: readonly Message[],
  order: DeliveryOrder,
  random: () => number,
): readonly Message[] {
  if (order === 'received') return messages
  if (order === 'reversed') return messages.toReversed()
  const keyed = messages.map((message) => ({ message, key: random() }))
  return keyed.toSorted((one, other) => one.key - other.key).map(({ message }) => message)
}
