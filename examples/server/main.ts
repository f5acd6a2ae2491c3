import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startBackend } from './backend.ts'

/**
 * Starts the backend alone: `node examples/server/main.ts`, with `DATABASE_URL` and `PORT`. With
 * `WORKS=no` it leaves the campaigns to other processes.
 */
const backend = await startBackend({
  database: process.env['DATABASE_URL'] ?? fileURLToPath(new URL('data', import.meta.url)),
  port: Number(process.env['PORT'] ?? 3000),
  environment: process.env,
  works: process.env['WORKS'] !== 'no',
})
console.log(`The backend answers at ${backend.url}`)
console.log(`Campaigns: ${backend.url}/campaigns?token=${backend.adminToken}`)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await backend.close()
