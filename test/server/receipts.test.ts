import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import {
  createMemoryStore,
  createSubscriptionHandler,
  generateVapidKeys,
  type SubscriptionHandlerOptions,
} from '../../src/server/index.ts'
import { parseReceiptsRequest } from '../../src/server/receipts-request.ts'

const { publicKey: applicationServerKey } = await generateVapidKeys()
const receipt = { id: 'm1', event: 'clicked', at: 1_800_000_000_000, action: 'track' }

function post(body: unknown, options: Partial<SubscriptionHandlerOptions> = {}, user = 'ann') {
  const handler = createSubscriptionHandler({
    store: createMemoryStore(),
    applicationServerKey,
    authorize: (request) => ({ recipient: request.headers.get('X-User') }),
    onReceipts: () => undefined,
    ...options,
  })
  const headers = { 'Content-Type': 'application/json', 'X-User': user }
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  return handler(new Request('https://app.example/push/receipts', init))
}

describe('receipts', () => {
  test('are handed over with who has sent them, without unknown fields', async () => {
    const onReceipts = vi.fn()
    const shown = { id: 'm2', event: 'shown', at: 0 }
    const response = await post(
      { receipts: [{ ...receipt, more: 1 }, shown], more: 1 },
      { onReceipts },
    )
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(onReceipts.mock.calls).toEqual([[[receipt, shown], { recipient: 'ann' }]])
  })

  test('are answered once they are kept, and not when they cannot be', async () => {
    let keep = () => undefined as void
    const answered = vi.fn()
    const onReceipts = () => new Promise<void>((resolve) => (keep = resolve))
    const posting = post({ receipts: [receipt] }, { onReceipts }).then(answered)
    await expect.poll(() => keep.length).toBe(1)
    expect(answered).not.toHaveBeenCalled()
    keep()
    await posting
    const onError = vi.fn()
    const broken = new TypeError('broken')
    const failing = await post(
      { receipts: [receipt] },
      { onError, onReceipts: () => Promise.reject(broken) },
    )
    expect(failing.status).toBe(503)
    expect(onError).toHaveBeenCalledExactlyOnceWith(broken)
  })

  test('are not wanted without a function that keeps them', async () => {
    const handler = createSubscriptionHandler({
      store: createMemoryStore(),
      applicationServerKey,
      authorize: () => ({ recipient: null }),
    })
    const request = new Request('https://app.example/receipts', { method: 'POST' })
    expect((await handler(request)).status).toBe(404)
  })

  test('are nobody’s business whom the app does not let in', async () => {
    const onReceipts = vi.fn()
    expect(
      (await post({ receipts: [receipt] }, { onReceipts, authorize: () => null })).status,
    ).toBe(401)
    expect(onReceipts).not.toHaveBeenCalled()
  })

  test.each([
    ['receipts', null],
    ['receipts', {}],
    ['receipts', { receipts: [] }],
    ['receipts', { receipts: Array.from({ length: 51 }, () => receipt) }],
    ['receipts', { receipts: [null] }],
    ['event', { receipts: [{ ...receipt, event: 'read' }] }],
    ['id', { receipts: [{ ...receipt, id: '' }] }],
    ['id', { receipts: [{ ...receipt, id: 'x'.repeat(201) }] }],
    ['id', { receipts: [{ ...receipt, id: 'a\0' }] }],
    ['at', { receipts: [{ ...receipt, at: 1.5 }] }],
    ['at', { receipts: [{ ...receipt, at: -1 }] }],
    ['at', { receipts: [{ ...receipt, at: '1' }] }],
    ['action', { receipts: [{ ...receipt, action: '\ud800' }] }],
    ['action', { receipts: [{ ...receipt, action: 'x'.repeat(101) }] }],
  ])('with a wrong %s are refused: %j', async (field, body) => {
    const onReceipts = vi.fn()
    const response = await post(body, { onReceipts })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      code: 'invalid-argument',
      detail: expect.stringContaining(field),
    })
    expect(onReceipts).not.toHaveBeenCalled()
  })

  test('are taken exactly when the published schema takes them', () => {
    const file = new URL('../../docs/sync-protocol.yaml', import.meta.url)
    const { schemas } = parse(readFileSync(file, 'utf8')).components
    const isValid = new Ajv2020({ strict: false, formats: { uri: true, 'uri-reference': true } })
      .addSchema({ components: { schemas } }, 'protocol')
      .compile({ $ref: 'protocol#/components/schemas/ReceiptsRequest' })
    const member = fc.oneof(
      fc.constantFrom('id', 'received', 'closed', '', 'x'.repeat(150), 'x'.repeat(201)),
      fc.integer({ min: -2, max: 3 }),
      fc.constant(0.5),
    )
    const one = fc.record(
      { id: member, event: member, at: member, action: member },
      { requiredKeys: ['id', 'at'] },
    )
    const right = fc.record({
      id: fc.constantFrom('m1', 'm2'),
      event: fc.constantFrom('received', 'failed'),
      at: fc.nat(),
    })
    const body = fc.record({
      receipts: fc.array(fc.oneof({ weight: 5, arbitrary: right }, one), { maxLength: 55 }),
    })
    fc.assert(
      fc.property(body, (value) => {
        let taken = true
        try {
          expect(parseReceiptsRequest(value)).toEqual(value)
        } catch (error) {
          if (!(error instanceof TypeError)) throw error
          taken = false
        }
        expect(taken).toBe(isValid(value))
      }),
    )
  })
})
