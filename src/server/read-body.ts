import { concatBytes } from './concat-bytes.ts'

/**
 * Reads the beginning of a body and lets go of the rest.
 *
 * @param limit - Octets.
 * @returns The whole body when its length is at most `limit`; otherwise more than `limit` octets
 * of it, but never much more.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  if (!body) return concatBytes()
  const reader = body.getReader()
  for (let length = 0; length <= limit;) {
    const { done, value } = await reader.read()
    if (done) return concatBytes(...chunks)
    chunks.push(value)
    length += value.length
  }
  await reader.cancel()
  return concatBytes(...chunks)
}
