// The worker of the conformance cases: runs the code that it is sent, and reports what it gave.
const AsyncFunction = (async () => undefined).constructor
const closed = []
const messages = []
let waiting

const nameOf = (error) => error?.name ?? String(error)

/** What a call came to: `ok`, or the name of the error. */
const outcome = async (call) => {
  try {
    await call()
    return 'ok'
  } catch (error) {
    return nameOf(error)
  }
}

/** The outcome of each call, by its name. */
const outcomes = async (calls) => {
  const found = {}
  for (const [name, call] of Object.entries(calls)) found[name] = await outcome(call)
  return found
}

/** The titles on the screen; sorted, because browsers list them in orders of their own. */
const titles = async (filter) =>
  (await self.registration.getNotifications(filter)).map(({ title }) => title).sort()

/** A URL without the origin, which differs from run to run. */
const path = (url) => url.replace(self.location.origin, '')

const show = (...parameters) => self.registration.showNotification(...parameters)

const report = (id, value) =>
  fetch('/observed', { method: 'POST', body: JSON.stringify({ id, value }) })

const run = async (code, event, id) => {
  const tools = { event, id, outcome, outcomes, titles, path, show, closed, messages }
  return new AsyncFunction(...Object.keys(tools), code)(...Object.values(tools))
}

const observe = async ({ id, code }, event) =>
  report(id, await run(code, event, id).catch((error) => `threw ${error}`))

self.addEventListener('message', (event) => {
  const { id, setup = '', code, trigger } = event.data
  messages.push(event)
  const answer = async () => {
    if (trigger === 'message') return observe({ id, code }, event)
    await run(setup, event, id)
    waiting = { id, code, trigger }
    return report(id, 'ready')
  }
  event.waitUntil(answer())
})

for (const type of ['push', 'notificationclick', 'notificationclose']) {
  self.addEventListener(type, (event) => {
    if (type === 'notificationclose') closed.push(event.notification.title)
    if (waiting?.trigger !== type) return
    if (event.notification && event.notification.title !== `Last of ${waiting.id}`) return
    const ready = waiting
    waiting = undefined
    event.waitUntil(observe(ready, event))
  })
}

self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()))
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
