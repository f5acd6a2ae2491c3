/** What a message is encrypted for: the keys of a subscription, as octets. */
export interface RecipientKeys {
  /** The browser's public key: 65 octets, an uncompressed point of P-256. */
  readonly p256dh: Uint8Array<ArrayBuffer>
  /** The authentication secret: 16 octets. */
  readonly auth: Uint8Array<ArrayBuffer>
}

/**
 * Encrypts one message for one subscription (RFC 8291 §3, `aes128gcm`), with a salt and a key pair
 * that are used once.
 *
 * @param record - As `messageRecord` makes it: the same one may be encrypted any number of times.
 * @param keys - The same object stands for the same keys: what is made of them may be kept with it.
 * @returns The whole request body: the header of 86 octets, then the sealed record.
 * @throws TypeError with the code `invalid-subscription` when `p256dh` is no point on the curve.
 */
export type MessageEncryption = (
  record: Uint8Array<ArrayBuffer>,
  keys: RecipientKeys,
) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>
