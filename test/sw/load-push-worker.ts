import { createECDH } from 'node:crypto'
import { expect } from 'vitest'
import { IDBOpenDBRequest as FDBOpenDBRequest } from 'fake-indexeddb'
import { channelName } from '../../src/shared/channel.ts'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { RegistrationRecord } from '../../src/shared/registration-record.ts'
import { createRegistrationRecords } from '../../src/shared/registration-records.ts'
import {
  type LoadedWorker,
  type LoadWorkerOptions,
  loadWorker,
  type ShownNotification,
} from '../../src/testing/worker/index.ts'
import type { WorkerScope } from '../../sw/index.ts'

/** The scope of the workers here. */
export const home = 'https://app.example/'

/** Runs a worker with its globals, so that the test shares its database and its channels. */
export function loadPushWorker(
  setUp: (scope: WorkerScope) => unknown,
  options: LoadWorkerOptions = {},
): Promise<LoadedWorker<WorkerScope>> {
  return loadWorker(setUp, { globals: true, scope: home, ...options })
}

/** Writes to the record, as a page does. */
export function keepRecord(change: Partial<RegistrationRecord>): Promise<RegistrationRecord> {
  const records = createRegistrationRecords(createDatabaseConnection())
  return records.update(home, (before) => ({ ...before, ...change }))
}

/** Reads the record, as a page does. */
export function readRecord(): Promise<RegistrationRecord | undefined> {
  return createRegistrationRecords(createDatabaseConnection()).get(home)
}

/** Has the database of the worker fail whenever it is opened. */
export function breakDatabase(): void {
  const open = () => {
    throw new DOMException('broken', 'UnknownError')
  }
  Object.assign(globalThis, { indexedDB: { open } })
}

/** Has the database of the worker never open. */
export function blockDatabase(): void {
  Object.assign(globalThis, { indexedDB: { open: () => new FDBOpenDBRequest() } })
}

/**
 * Has the database of the worker not open.
 *
 * @returns What has it open after all.
 */
export function holdDatabase(): () => void {
  const { promise: held, resolve: letOpen } = Promise.withResolvers<void>()
  const { indexedDB } = globalThis
  const open = (...parameters: Parameters<IDBFactory['open']>) => {
    const request = indexedDB.open(...parameters)
    const add = request.addEventListener.bind(request)
    const late = (listener: (event: Event) => void) => (event: Event) =>
      void held.then(() => listener(event))
    Object.assign(request, {
      addEventListener: (type: string, listener: (event: Event) => void) =>
        add(type, type === 'success' ? late(listener) : listener),
    })
    return request
  }
  Object.assign(globalThis, { indexedDB: { open } })
  return letOpen
}

/** What a page hears on the channel, in order; `heard` is called with each. */
export function listen(heard?: () => void): unknown[] {
  const messages: unknown[] = []
  new BroadcastChannel(channelName).addEventListener('message', ({ data }) => {
    messages.push(data)
    heard?.()
  })
  return messages
}

/** A message in our format. */
export function ours(type: string, data?: unknown, more?: object): object {
  return { pushwell: { v: 1, id: 'm1', type, data, ...more } }
}

/** Pushes, and gives the one notification that was shown. */
export async function pushOne(
  worker: Pick<LoadedWorker, 'push'>,
  payload?: unknown,
): Promise<ShownNotification> {
  const { shown } = await worker.push(payload)
  const [notification] = shown
  if (!notification || shown.length > 1) throw new Error(`${shown.length} were shown.`)
  return notification
}

/** Pushes what must cost nothing, whatever else it does, and gives all that was shown. */
export async function pushFreely(
  worker: Pick<LoadedWorker, 'push'>,
  ...payloads: readonly object[]
): Promise<ShownNotification[]> {
  const all: ShownNotification[] = []
  for (const payload of payloads) {
    const result = await worker.push(payload)
    expect(result).toMatchObject({ penalty: 'none' })
    expect(result).not.toHaveProperty('failed')
    all.push(...result.shown)
  }
  return all
}

/** The titles of what is on the screen, sorted. */
export function titles({ notifications }: Pick<LoadedWorker, 'notifications'>): string[] {
  return notifications.map(({ title }) => title).toSorted()
}

/** Gives what must be there. */
export function present<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('It is not there.')
  return value
}

/** Makes an application server key, as browsers write it. */
export function makeKey(): string {
  return createECDH('prime256v1').generateKeys().toString('base64url')
}

/** A request as the backend got it. */
export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly token: string | null
  readonly body: {
    readonly subscription?: { readonly endpoint: string }
    readonly replaces?: string
  }
}

/** A backend that speaks the sync protocol. */
export interface Backend {
  /** @default 200 */
  status: number
  readonly received: ReceivedRequest[]
  /** For `loadPushWorker`. */
  readonly fetch: (request: Request) => Promise<Response>
}

/**
 * Makes a backend.
 *
 * @param asked - Called at each request.
 */
export function createBackend(asked?: () => void): Backend {
  const backend: Backend = {
    status: 200,
    received: [],
    async fetch(request) {
      const { method, url, headers } = request
      const body = (await request.json()) as ReceivedRequest['body']
      const { pathname: path } = new URL(url)
      backend.received.push({ method, path, token: headers.get('authorization'), body })
      asked?.()
      const { status } = backend
      return method === 'DELETE' && status === 200
        ? new Response(null, { status: 204 })
        : Response.json({ status: 'ok' }, { status })
    },
  }
  return backend
}
