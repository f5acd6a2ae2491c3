import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import {
  createMemoryStore,
  createPostgresStore,
  createSubscriptionHandler,
  generateVapidKeys,
  type SqlClient,
  type SubscriptionRecord,
  type SubscriptionStore,
} from '../../src/server/index.ts'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import { startPostgresServer } from '../postgres/start-postgres-server.ts'
import { createHandlerRequests, users } from './handler-requests.ts'
import { createRandom } from './random.ts'

/**
 * Throws `count` requests at the subscription handler: right ones, wrong ones, and right ones with
 * something wrong in them. None may make it fail, and none may change, remove or give away a
 * subscription whose endpoint whoever sends it does not know. The store is in memory; a tenth as many
 * go to one on PGlite, and when the run is long, to one on PostgreSQL.
 */
export const handler: Proof = { count: 50_000, browsers: [], run }

async function run({ count, seed }: ProofOptions): Promise<ProofFigures> {
  const { publicKey } = await generateVapidKeys()
  const { failures, ...figures } = await throwAt(createMemoryStore(), { count, seed, publicKey })
  await using stack = new AsyncDisposableStack()
  const stores: Record<string, () => Promise<SqlClient>> = {
    pglite: async () => stack.adopt(await PGlite.create(), (embedded) => embedded.close()),
    ...(count >= 5000 && {
      postgres: async () => {
        const { url } = stack.use(await startPostgresServer())
        return stack.adopt(new Pool({ connectionString: url }), (pool) => pool.end())
      },
    }),
  }
  let all = failures
  const shares: Record<string, number> = {}
  for (const [name, open] of Object.entries(stores)) {
    const store = createPostgresStore(await open())
    await store.createTable()
    const share = await throwAt(store, { count: Math.ceil(count / 10), seed: seed + 1, publicKey })
    all += share.failures
    shares[`${name}Failures`] = share.failures
    shares[`${name}Changes`] = share.changes
  }
  return { failures: all, ...figures, users: users.length, ...shares }
}

async function throwAt(
  store: SubscriptionStore,
  { count, seed, publicKey }: ProofOptions & { readonly publicKey: string },
) {
  let [errors, told] = [0, 0]
  const handle = createSubscriptionHandler({
    store,
    applicationServerKey: publicKey,
    path: '/push',
    cors: { origins: ['https://friend.example'] },
    authorize: (request) => {
      const user = request.headers.get('X-User')
      return user === null ? null : { recipient: user }
    },
    onReceipts: (receipts) => {
      told += receipts.length
    },
    onError: () => (errors += 1),
  })
  const requests = await createHandlerRequests(createRandom(seed), publicKey)
  let [failed, strangers, leaks, changes] = [0, 0, 0, 0]
  const statuses = new Map<number, number>()
  for (let sent = 0; sent < count; sent += 1) {
    const before = await snapshot(store.list())
    const { request, user, knows } = requests.next()
    const response = await handle(request)
    const text = await response.text()
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
    if (response.status >= 500) failed += 1
    if ([...requests.secrets].some((secret) => text.includes(secret))) leaks += 1
    const after = await snapshot(store.list())
    const changed = [...before].filter(([id, record]) => after.get(id) !== record).map(recordOf)
    const added = [...after].filter(([id]) => !before.has(id)).map(recordOf)
    changes += changed.length
    strangers += changed.filter((record) => !mayChange(record, user, knows)).length
    strangers += added.filter((record) => !mayAdd(record, user, changed.length > 0)).length
  }
  const seen = Object.fromEntries([...statuses].map(([status, times]) => [`of${status}`, times]))
  const idle = changes < count / 100 || told === 0 ? 1 : 0
  const failures = failed + errors + strangers + leaks + idle
  return {
    failures,
    failed,
    strangers,
    leaks,
    changes,
    receipts: told,
    ...seen,
  }
}

/** Who knows the endpoint may; without it, who is signed in, what is theirs or nobody’s. */
function mayChange(
  { recipient, subscription }: SubscriptionRecord,
  user: string | null,
  knows: (endpoint: string) => boolean,
): boolean {
  if (knows(subscription.endpoint)) return true
  return user !== null && (recipient === null || recipient === user)
}

/**
 * Who is signed in may store a device as theirs or nobody's. Anybody may say that nobody is signed
 * in on one that takes the place of another, whose endpoint they know.
 */
function mayAdd(
  { recipient }: SubscriptionRecord,
  user: string | null,
  replaces: boolean,
): boolean {
  return recipient === null ? user !== null || replaces : recipient === user
}

function recordOf([, record]: readonly [string, string]): SubscriptionRecord {
  return JSON.parse(record) as SubscriptionRecord
}

async function snapshot(records: AsyncIterable<SubscriptionRecord>): Promise<Map<string, string>> {
  const all = new Map<string, string>()
  for await (const record of records) all.set(record.id, JSON.stringify(record))
  return all
}
