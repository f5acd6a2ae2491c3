import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Does something in a temporary folder of its own, and names what is left when it is done:
 * - processes that descend from this one, and those that have lost their parent: the folder stands
 *   in their environment or arguments;
 * - sockets of this process, and what else keeps it alive;
 * - what still lies in the folder.
 *
 * Whatever else runs on this machine at the same time does not count. Only Linux tells of processes
 * and sockets.
 *
 * @param patienceMs - What has ended may take a while to be gone.
 */
export async function leftBehind(
  act: () => Promise<void>,
  patienceMs: number = 5000,
): Promise<string[]> {
  const { TMPDIR: outer } = process.env
  const folder = await mkdtemp(path.join(tmpdir(), 'pushwell-prove-'))
  const before = await look(folder)
  process.env['TMPDIR'] = folder
  try {
    await act()
  } finally {
    if (outer === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = outer
  }
  const since = async () => (await look(folder)).filter((name) => !before.includes(name))
  let left = await since()
  for (const end = performance.now() + patienceMs; left.length > 0 && performance.now() < end;) {
    await delay(50)
    left = await since()
  }
  await rm(folder, { recursive: true, force: true })
  return left
}

async function look(folder: string): Promise<string[]> {
  const files = await readdir(folder)
  return [
    ...(await processes(folder)),
    ...(await sockets()),
    ...resources(),
    ...files.map((name) => `folder ${name}`),
  ]
}

/** What keeps this process alive, by kind: the delay of our own waiting is over when we look. */
function resources(): string[] {
  const kinds = process
    .getActiveResourcesInfo()
    .filter((name) => /TCP|TLS|UDP|Pipe|Process|Timeout/.test(name))
  const seen = new Map<string, number>()
  return kinds.map((kind) => {
    const number = (seen.get(kind) ?? 0) + 1
    seen.set(kind, number)
    return `resource ${kind} ${number}`
  })
}

async function sockets(): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd').catch(() => [])
  const targets = await Promise.all(
    descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
  )
  return targets.filter((target) => target.startsWith('socket:'))
}

async function processes(folder: string): Promise<string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const parents = new Map<string, string>()
  for (const id of ids) {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
    const [, parent = ''] = /^PPid:\t(\d+)/m.exec(status) ?? []
    // A zombie holds nothing but its number until its parent has read how it ended.
    if (parent && !/^State:\tZ/m.test(status)) parents.set(id, parent)
  }
  const below = (id: string): boolean => {
    const parent = parents.get(id)
    return parent !== undefined && (parent === String(process.pid) || below(parent))
  }
  const found: string[] = []
  for (const id of parents.keys()) {
    if (id === String(process.pid)) continue
    if (below(id) || (await isMarked(id, folder))) found.push(`process ${id}`)
  }
  return found
}

/** Both are looked at: a program that gives itself a title may write over its environment. */
async function isMarked(id: string, folder: string): Promise<boolean> {
  const texts = await Promise.all(
    ['environ', 'cmdline'].map((name) => readFile(`/proc/${id}/${name}`, 'latin1').catch(() => '')),
  )
  return texts.some((text) => text.includes(folder))
}
