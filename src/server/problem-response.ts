import type { ProblemDetails } from '../shared/protocol.ts'

/** Everything that the handler refuses or fails with: status and title (RFC 9110 §15). */
const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

/** A status that the handler answers a failure with. */
export type ProblemStatus = keyof typeof titles

/**
 * Makes an error response (RFC 9457).
 *
 * @param code - Stable, for code to depend on.
 * @param detail - What is wrong with this request; nothing of the server's inside.
 */
export function problemResponse(
  status: ProblemStatus,
  code: string,
  detail?: string,
  headers: Record<string, string> = {},
): Response {
  const problem: ProblemDetails = {
    type: 'about:blank',
    title: titles[status],
    status,
    ...(detail && { detail }),
    code,
  }
  return new Response(JSON.stringify(problem), {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...headers,
    },
  })
}
