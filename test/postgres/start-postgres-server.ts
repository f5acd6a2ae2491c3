import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { startOwnedProcess } from '../../src/testing/desktop/owned-process.ts'
import { findPostgres } from './find-postgres.ts'
import { installPostgres } from './install-postgres.ts'

const run = promisify(execFile)

/** A PostgreSQL server of this test alone. */
export interface PostgresServer extends AsyncDisposable {
  /** `postgres://…`, for `DATABASE_URL`. Whoever has it may do everything there. */
  readonly url: string
}

/**
 * Starts a PostgreSQL server with an empty database, on the loopback interface and in a temporary
 * folder; both are gone after it is disposed of. Where PostgreSQL is not installed, it is, if this
 * is root on Debian or Ubuntu: give it some minutes then. It writes nothing through to the disk, so
 * it is quick, and good for nothing that has to last.
 */
export async function startPostgresServer(): Promise<PostgresServer> {
  const programs = await postgresFolder()
  const account = await serverAccount()
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(path.join(tmpdir(), 'pushwell-postgres-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const password = randomUUID()
  const passwordFile = path.join(folder, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  for (const file of account ? [folder, passwordFile] : []) {
    await chown(file, account?.uid ?? 0, account?.gid ?? 0)
  }
  const data = path.join(folder, 'data')
  const [initdb, makeDatabase] = as(account, path.join(programs, 'initdb'), [
    `--pgdata=${data}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--username=postgres',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ])
  await run(initdb, makeDatabase)
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  }
  const [postgres, serve] = as(account, path.join(programs, 'postgres'), [
    '-D',
    data,
    ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
  ])
  const server = await startOwnedProcess(postgres, serve, {
    errorCode: 'service-failed',
    remedy: 'It is needed for tests on a real PostgreSQL server.',
  })
  stack.defer(async () => {
    // Ends at once, without putting the files in order first: they are thrown away.
    server.signal('SIGQUIT')
    await server.exited
  })
  await server.waitForLine(/database system is ready to accept connections/, 60_000)
  const running = stack.move()
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** @throws Error that says what to install. */
async function postgresFolder(): Promise<string> {
  const found = await findPostgres(process.env)
  if (found !== null) return found
  let cause: unknown
  if (process.getuid?.() === 0) {
    await installPostgres().catch((error: unknown) => (cause = error))
    const installed = await findPostgres(process.env)
    if (installed !== null) return installed
  }
  throw new Error(
    'PostgreSQL’s initdb and postgres are missing. Install them, on Debian as root with\n' +
      '  apt-get install -y --no-install-recommends postgresql\nor put them on the PATH.',
    { cause },
  )
}

interface Account {
  readonly uid: number
  readonly gid: number
}

/** Whom the server runs as, where that is not this process’s own user: it refuses to run as root. */
async function serverAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const account = ['postgres', 'nobody']
    .map((wanted) => lines.find(([name]) => name === wanted))
    .find((line) => line !== undefined)
  if (!account) throw new Error('There is neither a user postgres nor a user nobody to run it as.')
  return { uid: Number(account[2]), gid: Number(account[3]) }
}

function as(account: Account | null, program: string, args: readonly string[]): [string, string[]] {
  if (!account) return [program, [...args]]
  const who = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', '--']
  return ['setpriv', [...who, program, ...args]]
}

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  holder.close()
  await once(holder, 'close')
  return port
}
