import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * An installation reads from this folder how databases are made (Debian's createcluster.conf). It is
 * to make none of its own, and so to start none.
 */
const script = `
settings=/etc/postgresql-common/createcluster.d/pushwell-tests.conf
mkdir -p "$(dirname "$settings")"
trap 'rm -f "$settings"' EXIT
echo 'create_main_cluster = false' > "$settings"
apt-get update --quiet=2
apt-get install --yes --quiet=2 --no-install-recommends postgresql
`

/**
 * Installs PostgreSQL's server with apt-get. Needs root, and Debian or Ubuntu.
 *
 * @throws When apt-get is not there or does not succeed.
 */
export async function installPostgres(): Promise<void> {
  // Several test files may want it at once: the later ones wait for the first.
  const lock = path.join(tmpdir(), 'pushwell-apt-get.lock')
  await run('flock', [lock, 'sh', '-e', '-c', script], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  })
}
