import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { PushwellError } from '../../shared/errors.ts'
import type { ServiceCertificate } from './service-certificate.ts'

/** What stays the same over restarts: endpoints name the port, senders trust the certificate. */
export interface ServiceIdentity {
  readonly port: number
  readonly certificate: ServiceCertificate
}

/** Where a service keeps its state. */
export interface ServiceFolder {
  /** `null` in a new folder. */
  readonly identity: ServiceIdentity | null
  saveIdentity(identity: ServiceIdentity): void
  /** Subscriptions, devices and messages. */
  readonly journalPath: string
}

/**
 * Opens a folder for one service; it is made when it is missing, for its owner alone.
 *
 * @throws PushwellError `service-failed` when the folder holds something else.
 */
export function openServiceFolder(folder: string): ServiceFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const identityPath = path.join(folder, 'service.json')
  return {
    identity: readIdentity(identityPath),
    saveIdentity(identity) {
      writeFileSync(`${identityPath}.new`, JSON.stringify(identity), { mode: 0o600, flush: true })
      renameSync(`${identityPath}.new`, identityPath)
    },
    journalPath: path.join(folder, 'journal.jsonl'),
  }
}

function readIdentity(identityPath: string): ServiceIdentity | null {
  const text = readText(identityPath)
  if (text === null) return null
  try {
    const { port, certificate } = JSON.parse(text)
    const isPort = Number.isInteger(port) && port > 0 && port < 65_536
    if (isPort && typeof certificate.privateKey === 'string') return { port, certificate }
  } catch {
    // Said below.
  }
  throw new PushwellError(
    'service-failed',
    'service.json in the folder of the push service cannot be read. Use another folder, or delete this one to start anew.',
  )
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
