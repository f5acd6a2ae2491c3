import { readFileSync } from 'node:fs'

/** Published vectors, each with the address that they were published at. */
export interface Vectors {
  readonly 'rfc8188.json': {
    readonly examples: ReadonlyArray<{
      readonly source: string
      readonly ikm: string
      readonly keyid: string
      readonly rs: number
      readonly salt: string
      readonly plaintext_text: string
      readonly record_plaintext: readonly string[]
      readonly body: string
    }>
  }
  readonly 'rfc8291.json': {
    readonly source: string
    readonly plaintext: string
    readonly as_private: string
    readonly as_public: string
    readonly ua_private: string
    readonly ua_public: string
    readonly salt: string
    readonly auth_secret: string
    readonly body_section5: string
  }
  readonly 'rfc8292.json': {
    readonly source: string
    readonly endpoint: string
    readonly claims: { readonly aud: string; readonly exp: number; readonly sub: string }
    readonly jwk: JsonWebKey
    readonly t: string
    readonly k: string
  }
}

/** Reads one file of this folder. */
export function readVectors<File extends keyof Vectors>(file: File): Vectors[File] {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Vectors[File]
}
