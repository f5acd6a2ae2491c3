import { PushwellError } from '../../shared/errors.ts'

const classNames = [
  'IDBCursor',
  'IDBCursorWithValue',
  'IDBDatabase',
  'IDBFactory',
  'IDBIndex',
  'IDBKeyRange',
  'IDBObjectStore',
  'IDBOpenDBRequest',
  'IDBRequest',
  'IDBTransaction',
  'IDBVersionChangeEvent',
] as const

/** The IndexedDB part of a worker's scope, by name. */
export type WorkerDatabase = Readonly<Record<string, unknown>>

/**
 * Makes a fresh, empty IndexedDB of the package `fake-indexeddb`, an optional peer of this package.
 * Without it there are objects that throw `worker-failed` whatever is done with them.
 */
export async function createWorkerDatabase(): Promise<WorkerDatabase> {
  const names = ['indexedDB', ...classNames]
  try {
    const fakes = await import('fake-indexeddb')
    const values: WorkerDatabase = { ...fakes, indexedDB: new fakes.IDBFactory() }
    return Object.fromEntries(names.map((name) => [name, values[name]]))
  } catch (cause) {
    return Object.fromEntries(names.map((name) => [name, createMissing(cause)]))
  }
}

/** What workers use of IndexedDB's globals. Test runners look for marks of their own on all globals. */
const members: ReadonlySet<string | symbol> = new Set(
  'open deleteDatabase databases cmp only bound lowerBound upperBound prototype'.split(' '),
)

/** Not a throwing getter: a classic script's global object takes one for a missing name. */
function createMissing(cause: unknown): object {
  const fail = (): never => {
    throw new PushwellError(
      'worker-failed',
      'The worker uses IndexedDB, for which loadWorker needs the package fake-indexeddb: npm install --save-dev fake-indexeddb',
      { cause },
    )
  }
  return new Proxy(() => undefined, {
    get: (target, name) => (members.has(name) ? fail() : Reflect.get(target, name)),
    has: (target, name) => (members.has(name) ? fail() : Reflect.has(target, name)),
    apply: fail,
    construct: fail,
  })
}
