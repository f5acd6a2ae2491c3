import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { ReceiptState } from '../../src/shared/registration-record.ts'
import type { ShownNotification, WorkerEngine } from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  groups,
  receipts,
  type ReceiptsOptions,
  type WorkerPart,
} from '../../sw/index.ts'
import { loadPushWorker, ours } from './load-push-worker.ts'

/** Consent, given while nobody was signed in. */
export const allowed: ReceiptState = { allowedBy: null }

/** Where the page speaks the sync protocol. */
export const syncUrl = 'https://app.example/push'

/** Receipts as the backend got them. */
export interface Sent {
  readonly url: string
  readonly token: string | null
  readonly receipts: readonly { readonly id: string; readonly event: string; readonly at: number }[]
  /** How many notifications were on the screen. */
  readonly shown: number
}

/** A worker with receipts and groups, and what its backend got. */
export async function loadReceiptsWorker(
  options: ReceiptsOptions = {},
  engine: WorkerEngine = 'chromium',
  ...more: readonly WorkerPart[]
) {
  const backend = {
    answer: (): Response | Promise<Response> => new Response(null, { status: 204 }),
    sent: [] as Sent[],
  }
  const fetch = async (request: Request) => {
    const { receipts: list } = (await request.json()) as Pick<Sent, 'receipts'>
    const token = request.headers.get('authorization')
    backend.sent.push({
      url: request.url,
      token,
      receipts: list,
      shown: loaded.notifications.length,
    })
    return backend.answer()
  }
  const loaded = await loadPushWorker(
    (scope) => {
      const summary = ({ count }: { count: number }) => ({ title: `${count} messages` })
      const parts = [
        groups({ '*': { apart: 1, summary } }),
        receipts({ jitterMs: 0, ...options }),
        ...more,
      ]
      createPushWorker(
        { parts, neutral: { title: 'Neutral' }, headers: () => ({ authorization: 'Bearer t' }) },
        scope,
      ).on('chat', {
        notification: ({ id, data }) => ({
          title: String(id),
          actions: [{ action: 'track', title: 'Track' }],
          ...(data as object),
        }),
      })
    },
    { engine, fetch },
  )
  /**
   * Waits until what is due has been sent: no event is held for that. The worker has set its timer
   * by the end of the event, so that one of the same length is due after it; and then it has its
   * turn with the lock.
   */
  const settled = async <Result>(acting: Promise<Result>) => {
    const result = await acting
    await new Promise((resolve) => setTimeout(resolve, 0))
    const { locks } = (loaded.scope as unknown as { navigator: { locks: LockManager } }).navigator
    await locks.request('pushwell-receipts https://app.example/', () => undefined)
    return result
  }
  const worker: typeof loaded = Object.create(loaded, {
    push: { value: (payload?: unknown) => settled(loaded.push(payload)) },
    click: {
      value: (...given: Parameters<typeof loaded.click>) => settled(loaded.click(...given)),
    },
    sync: { value: (tag: string) => settled(loaded.sync(tag)) },
    close: { value: (shown: ShownNotification) => settled(loaded.close(shown)) },
  })
  const events = () =>
    backend.sent.flatMap((one) => one.receipts.map(({ id, event }) => `${id} ${event}`))
  return {
    worker,
    loaded,
    backend,
    events,
    [Symbol.asyncDispose]: () => loaded[Symbol.asyncDispose](),
  }
}

/** A message that is shown under its id. */
export const chat = (id: string, more?: object, data?: object) =>
  ours('chat', data, { id, ...more })

/** The receipts that are kept to be sent. */
export const waiting = async () => {
  const all = await createDatabaseConnection().use((open) =>
    open.transaction('receipts').store.getAll(),
  )
  return all.map(({ id, event }) => `${id} ${event}`)
}
