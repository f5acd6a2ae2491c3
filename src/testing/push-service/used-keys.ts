import { encodeBase64url } from '../../shared/base64url.ts'
import { readEncryptedBody } from './encrypted-body.ts'
import { refuse } from './refusal.ts'
import type { Refusal } from './refusal.ts'

/** The salts and sender keys that messages came with. */
export interface UsedKeys {
  /**
   * Takes an `aes128gcm` body's salt and key, once: from then on they are used.
   *
   * @returns Why the body is refused, or how to give both back when the message came to nothing.
   */
  claim(
    body: Uint8Array,
  ):
    | { readonly ok: true; readonly release: () => void }
    | { readonly ok: false; readonly refusal: Refusal }
}

/**
 * Makes an empty memory of keys. RFC 8291 §3.1 has a new key pair for each message, and RFC 8188 §2.1
 * a salt that is used once.
 *
 * @param limit - How many of each are remembered; the oldest are forgotten.
 */
export function createUsedKeys(limit: number): UsedKeys {
  const salts = new Set<string>()
  const keys = new Set<string>()

  function remember(memory: Set<string>, text: string): void {
    memory.add(text)
    for (const oldest of memory) {
      if (memory.size <= limit) return
      memory.delete(oldest)
    }
  }

  return {
    claim(body) {
      const parsed = readEncryptedBody(body)
      if (!parsed) return { ok: true, release: () => {} }
      const [salt, key] = [encodeBase64url(parsed.salt), encodeBase64url(parsed.keyId)]
      if (keys.has(key)) return refused('sender key', 'a new key pair for each (RFC 8291 §3.1)')
      if (salts.has(salt)) return refused('salt', 'a new random one for each (RFC 8188 §2.1)')
      remember(salts, salt)
      remember(keys, key)
      const release = () => {
        salts.delete(salt)
        keys.delete(key)
      }
      return { ok: true, release }
    },
  }
}

function refused(what: string, wanted: string): { readonly ok: false; readonly refusal: Refusal } {
  const message = `The ${what} was used for an earlier message: ${wanted}.`
  return { ok: false, refusal: refuse('encryption', message) }
}
