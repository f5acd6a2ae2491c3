import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startBackend } from './backend.ts'

/** Starts the backend alone: `node examples/server/main.ts`, with `DATABASE_URL` and `PORT`. */
const backend = await startBackend({
  database: process.env['DATABASE_URL'] ?? fileURLToPath(new URL('data', import.meta.url)),
  port: Number(process.env['PORT'] ?? 3000),
  environment: process.env,
})
console.log(`The backend answers at ${backend.url}`)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await backend.close()
