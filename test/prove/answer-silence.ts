import { setTimeout as delay } from 'node:timers/promises'

/** An answer of the network: a response, none for ever, or a connection that breaks. */
export type SilenceAnswer = Response | 'hang' | 'cut'

/** Answers what the worker of the silence campaign fetches. */
export async function answerSilence(url: string): Promise<SilenceAnswer> {
  const { pathname, search } = new URL(url, 'http://localhost')
  if (search === '?slow') await delay(100)
  if (pathname === '/hang' || pathname === '/cut') return pathname === '/hang' ? 'hang' : 'cut'
  if (pathname === '/json') return Response.json({ text: 'from the network' })
  if (pathname === '/html') {
    return new Response('<h1>Sign in</h1>', { headers: { 'content-type': 'text/html' } })
  }
  return new Response('', { status: pathname === '/500' ? 500 : 404 })
}
