import type { RegistrationRecord } from '../../src/shared/registration-record.ts'

/** A registration that nothing is known of yet. */
export const blank: RegistrationRecord = { scope: 'https://app.example/', mayHold: [] }

export const dayMs = 86_400_000

/** A browser's subscription, as far as a registration holds it. */
export function subscription(name: string) {
  const endpoint = `https://push.example/${name}`
  const keys = { p256dh: 'p256dh', auth: 'auth' }
  return { endpoint, toJSON: () => ({ endpoint, expirationTime: null, keys }) }
}
