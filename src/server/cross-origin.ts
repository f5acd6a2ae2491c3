import { typeError } from '../shared/errors.ts'

/** Which pages of other origins a handler answers. */
export interface CrossOriginOptions {
  /**
   * Their origins, as `'https://app.example'`; or a function that decides. There is no `'*'`: what
   * is answered goes by the user's cookies.
   */
  readonly origins: readonly string[] | ((origin: string) => boolean)
  /**
   * Whether these pages may send cookies along.
   *
   * @default true
   */
  readonly credentials?: boolean
  /**
   * How long a browser may go by the answer to a preflight, in seconds.
   *
   * @default 7200
   */
  readonly maxAge?: number
}

/**
 * Makes an answer to an origin's pages readable for them (Fetch standard, CORS protocol); every
 * answer to any other stays as it is, and its browser keeps it to itself.
 */
export interface CrossOrigin {
  /** Answers a preflight; `null` for what is none, or comes from elsewhere. */
  preflight(request: Request, methods: string): Response | null
  /** Adds to an answer what its origin needs to read it. */
  expose(request: Request, response: Response): Response
}

/** @throws TypeError with the code `invalid-argument` for what is no origin. */
export function createCrossOrigin({
  origins,
  credentials = true,
  maxAge = 7200,
}: CrossOriginOptions): CrossOrigin {
  const isAllowed =
    typeof origins === 'function' ? origins : (origin: string) => origins.includes(origin)
  if (typeof origins !== 'function' && !origins.every(isOrigin)) {
    throw typeError(
      'invalid-argument',
      'cors.origins must be origins alone, as https://app.example: no path, no slash at the end.',
    )
  }
  const headersFor = (request: Request): Record<string, string> | null => {
    const origin = request.headers.get('Origin')
    if (origin === null || !isOrigin(origin)) return null
    // A promise, as an async function gives, is no permission.
    const answer: unknown = isAllowed(origin)
    if (answer !== true) return null
    return {
      'Access-Control-Allow-Origin': origin,
      ...(credentials && { 'Access-Control-Allow-Credentials': 'true' }),
    }
  }
  return {
    preflight(request, methods) {
      const asked = request.headers.get('Access-Control-Request-Method')
      const allowed = headersFor(request)
      if (request.method !== 'OPTIONS' || asked === null || !allowed) return null
      const wanted = request.headers.get('Access-Control-Request-Headers')
      const headers = {
        ...allowed,
        'Access-Control-Allow-Methods': methods,
        // An app sends what headers it likes: its origin is trusted, or we would not be here.
        ...(wanted !== null && { 'Access-Control-Allow-Headers': wanted }),
        'Access-Control-Max-Age': `${maxAge}`,
        Vary: 'Origin, Access-Control-Request-Headers',
      }
      return new Response(null, { status: 204, headers })
    },
    expose(request, response) {
      const headers = new Headers(response.headers)
      headers.append('Vary', 'Origin')
      const allowed = headersFor(request) ?? {}
      for (const [name, value] of Object.entries(allowed)) headers.set(name, value)
      // Else a page cannot read how long it is to wait.
      if ('Access-Control-Allow-Origin' in allowed) {
        headers.set('Access-Control-Expose-Headers', 'Retry-After')
      }
      const { status, statusText, body } = response
      return new Response(body, { status, statusText, headers })
    },
  }
}

/** `null`, the origin of a sandboxed page, is nobody’s in particular, and so none here. */
function isOrigin(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\/[^/?#@\s]+$/.test(text)
}
