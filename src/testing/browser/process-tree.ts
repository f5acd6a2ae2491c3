import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Gives the ids of the processes that are in a process group, or that carry a variable's value in
 * their environment: children that made a session of their own are found too. Zombies do not count.
 * Only Linux tells; elsewhere the list is empty.
 *
 * @param group - The id of the group's leader.
 * @param mark - `NAME=value`, as a whole entry of the environment.
 */
export async function findProcesses(group: number, mark: string): Promise<number[]> {
  if (process.platform !== 'linux') return []
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    ids.map(async (id) => (await isAlive(id)) && (await belongs(id, group, mark))),
  )
  return ids.filter((_, index) => found[index])
}

async function belongs(id: number, group: number, mark: string): Promise<boolean> {
  const { group: own } = await readStat(id)
  if (own === group) return true
  // Unreadable: another user's, or gone by now.
  const environment = await readFile(`/proc/${id}/environ`, 'latin1').catch(() => '')
  return environment.split('\0').includes(mark)
}

async function isAlive(id: number): Promise<boolean> {
  const { state } = await readStat(id)
  return state !== undefined && state !== 'Z' && state !== 'X'
}

/** Reads proc_pid_stat(5); the name in brackets may hold anything, brackets included. */
async function readStat(id: number): Promise<{ state?: string; group?: number }> {
  const stat = await readFile(`/proc/${id}/stat`, 'latin1').catch(() => '')
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state ? { state, group: Number(group) } : {}
}

/**
 * Kills every process that {@link findProcesses} finds and resolves once there is none.
 *
 * @throws Error When some are left after 10 s.
 */
export async function killProcesses(group: number, mark: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const left = await findProcesses(group, mark)
    if (left.length === 0) return
    for (const id of left) killQuietly(id)
    await delay(50)
  }
  throw new Error('Some processes of the browser could not be ended.')
}

function killQuietly(id: number): void {
  try {
    process.kill(id, 'SIGKILL')
  } catch {
    // It ended between the look and the signal.
  }
}
