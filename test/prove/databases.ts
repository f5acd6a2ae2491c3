import { openDatabase } from '../../examples/server/database.ts'
import { startPostgresServer } from '../postgres/start-postgres-server.ts'

/** The databases that a promise about the backend is shown on. */
export const databaseKinds = ['pglite', 'postgres'] as const

export type DatabaseKind = (typeof databaseKinds)[number]

/** Gives empty databases, all PostgreSQL ones on one server of its own. */
export interface Databases extends AsyncDisposable {
  /** Makes an empty one: where it is, as `openDatabase` takes it. */
  create(kind: DatabaseKind): Promise<string>
}

export async function startDatabases(): Promise<Databases> {
  const server = await startPostgresServer()
  let made = 0
  return {
    async create(kind) {
      if (kind === 'pglite') return 'memory:'
      made += 1
      const maintenance = await openDatabase(server.url)
      await maintenance.query(`CREATE DATABASE proof${made}`)
      await maintenance.close()
      return new URL(`/proof${made}`, server.url).href
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
