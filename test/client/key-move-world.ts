import type { PushClientOptions, PushState } from '../../src/client/index.ts'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { type PutSubscriptionRequest, subscriptionId } from '../../src/shared/protocol.ts'
import { createRegistrationRecords } from '../../src/shared/registration-records.ts'
import { createModelBackend } from '../shared/model-backend.ts'
import { fakeKey, type FakePage, type FakeRequest } from './fake-page-platform.ts'
import { start } from './start-client.ts'

/** What each half of a move waits. */
export const settleMs = 60_000

/**
 * A browser that has enabled pushes under the first key, and a backend that wants the second one.
 * After each request, all that the backend holds must be subscribed in the browser.
 */
export async function enabled() {
  let wanted: unknown = null
  const backend = createModelBackend()
  const dead: string[] = []
  const { page, push } = start()
  const live = () =>
    [page.subscription, page.bridgeSubscription].flatMap((it) => (it ? [it.endpoint] : []))
  const check = (request: FakeRequest) => {
    for (const endpoint of backend.rows.keys()) {
      if (!live().includes(endpoint)) dead.push(`${request.method} leaves ${endpoint}`)
    }
  }
  const net = { isCut: false, isAnswerLost: false }
  const answer = async (request: FakeRequest) => {
    const { method, body, path } = request
    if (net.isCut) {
      if (method === 'PUT') check(request)
      throw new TypeError('offline')
    }
    if (method === 'PUT') backend.put(body as unknown as PutSubscriptionRequest, null)
    for (const endpoint of method === 'DELETE' ? backend.rows.keys() : []) {
      if (path.endsWith(await subscriptionId(endpoint))) backend.remove(endpoint)
    }
    if (method === 'PUT') check(request)
    if (net.isAnswerLost) throw new TypeError('cut')
    if (method === 'DELETE') return new Response(null, { status: 204 })
    return body?.applicationServerKey === wanted || wanted === null
      ? Response.json({ status: 'ok' })
      : Response.json({ status: 'rotate', applicationServerKey: wanted })
  }
  page.respond = answer
  await push.enable()
  return { page, backend, dead, net, want: (key: unknown) => (wanted = key) }
}

/** A browser and a backend between which a key moves. */
export type World = Awaited<ReturnType<typeof enabled>>

/** What ends the page that is open. */
const open = new WeakMap<FakePage, AbortController>()

/** The next load of the page: the one before is left, and a client of its own begins. */
export const load = (page: FakePage, options: Partial<PushClientOptions> = {}) => {
  open.get(page)?.abort()
  const controller = new AbortController()
  open.set(page, controller)
  return start(page, { settleMs, signal: controller.signal, ...options }).push
}

/** A load of the page, which stays until what waited for the browser has come in. */
export const stay = async (page: FakePage): Promise<PushState> => {
  const push = load(page)
  await push.prepare()
  page.now += 10_000
  return push.prepare()
}

/** What the browser remembers. */
export const recordOf = ({ page }: World) =>
  createRegistrationRecords(createDatabaseConnection()).get(page.worker.scope)

/** What the backend holds, as endpoint and key number. */
export const rows = ({ backend }: World) =>
  [...backend.rows.values()].map(({ endpoint, applicationServerKey }) => [
    endpoint.slice('https://push.example/'.length),
    [1, 2, 3].find((number) => fakeKey(number) === applicationServerKey),
  ])

/** How far the move has come. */
export const phase = async (world: World) => (await recordOf(world))?.keyMove?.phase

/** A world in which the backend wants another key, which the heartbeat brings to light. */
export async function asked(key: unknown = fakeKey(2)) {
  const world = await enabled()
  world.want(key)
  world.page.now += 86_400_000
  return world
}
