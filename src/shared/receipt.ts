/** What may happen to a message, in the order in which it does. */
export const receiptEvents = ['received', 'shown', 'clicked', 'closed', 'failed'] as const

/** Something that happened to a message on a device. */
export interface Receipt {
  /** The message's. */
  readonly id: string
  /**
   * `closed`: the user dismissed it. `failed`: it was not shown as it was meant, as when its route
   * failed; a notification was there all the same.
   */
  readonly event: (typeof receiptEvents)[number]
  /** Milliseconds since 1970, by the device's clock. */
  readonly at: number
  /** The button that was clicked. */
  readonly action?: string | undefined
}

/** A receipt that the backend has not answered yet. */
export interface StoredReceipt extends Receipt {
  /** The registration's scope. */
  readonly scope: string
  /** Who was signed in when it happened; empty for nobody. It is sent while they are, or never. */
  readonly owner: string
}

/** What one request may hold: the longest of all fits into 65,536 octets. */
export const receiptLimits = { count: 50, id: 200, action: 100 } as const
