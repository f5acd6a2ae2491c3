/** Makes the answer of a request that went well and has something to say. */
export function jsonResponse(value: object): Response {
  return new Response(JSON.stringify(value), {
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
  })
}
