/** An answer of the service, read to its end. */
export interface SenderAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly errno: unknown
  readonly message: string
}

/** Sends a push as a backend does; a body goes as `aes128gcm` unless the headers say otherwise. */
export async function postPush(
  endpoint: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string | Uint8Array<ArrayBuffer>,
): Promise<SenderAnswer> {
  const encoding = body === undefined ? {} : { 'content-encoding': 'aes128gcm' }
  return request('POST', endpoint, { ttl: '60', ...encoding, ...headers }, body)
}

/** Any request, its answer read to the end. */
export async function request(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string | Uint8Array<ArrayBuffer>,
): Promise<SenderAnswer> {
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) })
  const text = await response.text()
  const isJson = response.headers.get('content-type') === 'application/json'
  const { errno, message } = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
  return {
    status: response.status,
    headers: response.headers,
    text,
    errno,
    message: String(message),
  }
}
