import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openDatabase } from '../../examples/server/database.ts'
import { startPostgresServer } from '../postgres/start-postgres-server.ts'

test('the tests’ server answers whoever has its URL, and leaves nothing behind', async () => {
  const server = await startPostgresServer()
  await using stack = new AsyncDisposableStack()
  stack.use(server)
  const database = await openDatabase(server.url)
  const [row = expect.unreachable()] = await database.query<{ folder: string; rows: number }>(
    `SELECT current_setting('data_directory') AS folder, count(*)::integer AS rows
     FROM pg_tables WHERE schemaname = 'public'`,
  )
  expect(row.rows).toBe(0)
  expect(existsSync(row.folder)).toBe(true)
  await database.close()
  const stranger = await openDatabase(server.url.replace(/:[^:@]*@/, ':guessed@'))
  await expect(stranger.query('SELECT 1')).rejects.toThrow('password authentication failed')
  await stranger.close()
  await stack.disposeAsync()
  expect(existsSync(row.folder)).toBe(false)
  const gone = await openDatabase(server.url)
  await expect(gone.query('SELECT 1')).rejects.toThrow('ECONNREFUSED')
  await gone.close()
}, 600_000)
