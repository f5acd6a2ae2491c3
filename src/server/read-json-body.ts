import type { ArgumentError } from '../shared/errors.ts'
import { problemResponse } from './problem-response.ts'
import { readBody } from './read-body.ts'

const maximumOctets = 65_536

/**
 * Reads a request's body, of at most 65,536 octets, and only as `application/json`: a page of
 * another origin cannot send that without a CORS preflight.
 *
 * @returns What the JSON says, `undefined` for an empty body; or the answer that refuses the body.
 */
export async function readJsonBody(
  request: Request,
): Promise<{ readonly value: unknown } | Response> {
  const octets = await readBody(request.body, maximumOctets)
  if (octets.length === 0) return { value: undefined }
  if (octets.length > maximumOctets) {
    return problemResponse(413, 'too-large', `The body must be at most ${maximumOctets} octets.`)
  }
  if (!/^application\/json *(;|$)/i.test(request.headers.get('Content-Type') ?? '')) {
    return problemResponse(415, 'not-json', 'Content-Type must be application/json.')
  }
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octets)) }
  } catch {
    return notJson()
  }
}

/** Answers a request whose body is none. */
export function notJson(): Response {
  return problemResponse(400, 'not-json', 'The body must be JSON in UTF-8.')
}

/** Makes the answer for what a parser found wrong; throws on what is no {@link ArgumentError}. */
export function refusalOf(error: unknown): Response {
  const { code = '', message } = error as Partial<ArgumentError>
  // Only our own codes, in lower case, come with sentences for strangers; Node's do not.
  if (/^[a-z-]+$/.test(code)) return problemResponse(400, code, message)
  throw error
}
