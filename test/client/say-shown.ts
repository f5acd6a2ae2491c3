import type { FakePage } from './fake-page-platform.ts'

/** What the worker says once it has shown a message. */
export function sayShown(page: FakePage, type = 'chat', data: unknown = { text: 'hi' }): void {
  const message = { id: 'm1', type, data }
  page.channels.say({ pushwell: 1, scope: page.worker.scope, kind: 'message', message })
}
