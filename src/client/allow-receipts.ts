import { createDatabaseConnection } from '../shared/database-connection.ts'
import { PushwellError } from '../shared/errors.ts'
import { createReceiptLog } from '../shared/receipt-log.ts'
import { createRegistrationRecords } from '../shared/registration-records.ts'
import { findScope } from './find-scope.ts'
import { browserPlatform, type PagePlatform } from './page-platform.ts'

/**
 * Says whether the worker's part `receipts` may tell the backend what becomes of messages. It counts
 * for whoever is signed in now, and for nobody else; with `false`, what was kept is dropped.
 *
 * @param options - `scope`: that of the worker, relative to the page; without it, that of the page's
 * own worker.
 * @param platform - The browser; a test passes its own.
 * @throws PushwellError `worker-missing` when there is none yet.
 */
export async function allowReceipts(
  allowed: boolean,
  options: { readonly scope?: string } = {},
  platform: PagePlatform = browserPlatform(),
): Promise<void> {
  const scope = await findScope(options.scope, platform)
  if (scope === undefined) {
    throw new PushwellError('worker-missing', 'There is no worker yet: call prepare() before.')
  }
  const database = createDatabaseConnection()
  await createRegistrationRecords(database).update(scope, (record) => {
    const { recipient = null, receipts } = record
    return { ...record, receipts: allowed ? { ...receipts, allowedBy: recipient } : undefined }
  })
  if (!allowed) await createReceiptLog(database).clear(scope)
}
