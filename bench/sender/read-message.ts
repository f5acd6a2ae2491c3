import type { ECDH } from 'node:crypto'
import { decrypt } from 'http_ece'
import type { MadeRequest } from './contender.ts'

/**
 * Decrypts what a contender made, with `http_ece`, in the encoding that its headers name.
 *
 * @throws Error when it cannot be read.
 */
export function readMessage(
  { headers, body }: MadeRequest,
  keys: { readonly privateKey: ECDH; readonly authSecret: string },
): { readonly text: string; readonly encoding: string } {
  const header = (name: string): string =>
    Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? ''
  const encoding = header('content-encoding')
  if (!/^vapid |^WebPush /.test(header('authorization'))) throw new Error('There is no token.')
  if (encoding === 'aes128gcm') {
    const text = decrypt(Buffer.from(body), { version: 'aes128gcm', ...keys }).toString()
    return { text, encoding }
  }
  const dh = /dh=([\w-]+)/.exec(header('crypto-key'))?.[1] ?? ''
  const salt = /salt=([\w-]+)/.exec(header('encryption'))?.[1] ?? ''
  const text = decrypt(Buffer.from(body), { version: 'aesgcm', dh, salt, ...keys }).toString()
  return { text, encoding }
}
