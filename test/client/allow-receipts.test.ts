import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { allowReceipts } from '../../src/client/index.ts'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { createReceiptLog } from '../../src/shared/receipt-log.ts'
import { createRegistrationRecords } from '../../src/shared/registration-records.ts'
import { createFakePage, type FakePage } from './fake-page-platform.ts'
import { start } from './start-client.ts'

const database = createDatabaseConnection()
const stateOf = async (page: FakePage) =>
  (await createRegistrationRecords(database).get(page.worker.scope))?.receipts

test('receipts are allowed by whoever is signed in, until it is taken back', async () => {
  const { page, push } = start()
  await push.enable()
  await allowReceipts(true, {}, page.platform)
  expect(await stateOf(page)).toEqual({ allowedBy: null })
  await push.identify('anna')
  await allowReceipts(true, {}, page.platform)
  expect(await stateOf(page)).toEqual({ allowedBy: 'anna' })
  const log = createReceiptLog(database)
  const { scope } = page.worker
  await log.add([{ scope, id: 'm1', event: 'shown', at: 1, owner: 'anna' }])
  await allowReceipts(false, {}, page.platform)
  expect(await stateOf(page)).toBeUndefined()
  expect(await log.list(scope, 'anna', 10)).toEqual([])
})

test('they are allowed for the scope that is named', async () => {
  const page = createFakePage()
  const { scope } = page.worker
  delete page.platform.serviceWorker
  await allowReceipts(true, { scope }, page.platform)
  expect(await stateOf(page)).toEqual({ allowedBy: null })
})

test('there is nothing to allow before there is a worker', async () => {
  const page = createFakePage()
  delete page.platform.serviceWorker
  await expect(allowReceipts(true, {}, page.platform)).rejects.toMatchObject({
    code: 'worker-missing',
  })
})
