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

/** What the pages of one request's origin are answered. */
export interface CrossOrigin {
  /** Answers a preflight; `null` for what is none, or comes from elsewhere. */
  preflight(methods: string): Response | null
  /**
   * Adds to an answer what its origin needs to read it (Fetch standard, CORS protocol). The answer to
   * any other stays as it is, and its browser keeps it to itself.
   */
  expose(response: Response): Response
}

/**
 * Makes what decides about a request's origin, once a request. It throws what `origins` throws.
 *
 * @throws TypeError with the code `invalid-argument` for what is no origin.
 */
export function createCrossOrigin({
  origins,
  credentials = true,
  maxAge = 7200,
}: CrossOriginOptions): (request: Request) => CrossOrigin {
  const isAllowed: (origin: string) => unknown =
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
    // A promise, of a function that is async by mistake, must let nobody in.
    if (isAllowed(origin) !== true) return null
    return {
      'Access-Control-Allow-Origin': origin,
      ...(credentials && { 'Access-Control-Allow-Credentials': 'true' }),
    }
  }
  return (request) => {
    const allowed = headersFor(request)
    return {
      preflight(methods) {
        const asked = request.headers.get('Access-Control-Request-Method')
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
      expose(response) {
        const headers = new Headers(response.headers)
        headers.append('Vary', 'Origin')
        for (const [name, value] of Object.entries(allowed ?? {})) headers.set(name, value)
        // Else a page cannot read how long it is to wait.
        if (allowed) headers.set('Access-Control-Expose-Headers', 'Retry-After')
        const { status, statusText, body } = response
        return new Response(body, { status, statusText, headers })
      },
    }
  }
}

/** `null`, the origin of a sandboxed page, is nobody’s in particular, and so none here. */
function isOrigin(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\/[^/?#@\s]+$/.test(text)
}
