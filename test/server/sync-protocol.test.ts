import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  createMemoryStore,
  createSubscriptionHandler,
  generateVapidKeys,
  subscriptionId,
} from '../../src/server/index.ts'
import { createFakeBrowser } from './fake-browser.ts'

interface Media {
  readonly schema: object
  readonly examples?: { readonly [name: string]: { readonly value: unknown } }
}
interface Answer {
  readonly $ref?: string
  readonly content?: { readonly [type: string]: Media }
}
interface Operation {
  readonly operationId: string
  readonly requestBody?: { readonly content: { readonly 'application/json': Media } }
  readonly responses: { readonly [status: string]: Answer }
}

const file = new URL('../../docs/sync-protocol.yaml', import.meta.url)
const document = parse(readFileSync(file, 'utf8'))
const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  formats: { uri: (text: string) => URL.canParse(text), 'uri-reference': true },
})
ajv.addVocabulary(['openapi', 'info', 'servers', 'security', 'paths', 'components'])
ajv.addSchema(document, 'sync-protocol')

/** Compiles a schema that stands at a JSON pointer of the document, `$ref`s and all. */
function at(...pointer: string[]): ValidateFunction {
  const escaped = pointer.map((part) =>
    encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')),
  )
  return ajv.compile({ $ref: `sync-protocol#/${escaped.join('/')}` })
}

/** Every place of the document that has a schema and examples for it. */
function mediaOf(node: unknown, path: string[] = []): [string[], Media][] {
  if (typeof node !== 'object' || node === null) return []
  const here: [string[], Media][] =
    'schema' in node && 'examples' in node ? [[path, node as Media]] : []
  return [
    ...here,
    ...Object.entries(node).flatMap(([key, child]) => mediaOf(child, [...path, key])),
  ]
}

describe('the examples', () => {
  const media = mediaOf(document)

  test('are there', () => expect(media.length).toBeGreaterThanOrEqual(5))

  test.each(media.map(([path, found]) => [path.join(' '), path, found] as const))(
    'at %s follow their schema',
    (_name, path, { examples = {} }) => {
      const isValid = at(...path, 'schema')
      for (const { value } of Object.values(examples)) {
        expect(isValid(value), JSON.stringify(isValid.errors)).toBe(true)
      }
    },
  )

  test('do not follow it by accident', () => {
    const isValid = at('components', 'schemas', 'PutSubscriptionRequest')
    const [[, request] = expect.unreachable()] = mediaOf(operation('/subscriptions', 'put'))
    const value = request.examples?.['first']?.value as object
    expect(isValid(value)).toBe(true)
    expect(isValid({ ...value, version: 2 })).toBe(false)
    expect(isValid({ ...value, applicationServerKey: 'abc' })).toBe(false)
    expect(isValid({ ...value, client: {} })).toBe(false)
    expect(isValid({ ...value, signedOut: false })).toBe(false)
  })
})

function operation(path: string, method: string): Operation {
  return document.paths[path][method]
}

describe("the handler's answers follow the document", async () => {
  const { publicKey: applicationServerKey } = await generateVapidKeys()
  const { publicKey: otherKey } = await generateVapidKeys()
  const { subscription } = createFakeBrowser('https://push.example.net/p/one')
  const id = await subscriptionId(subscription.endpoint)
  const body = { version: 1, subscription, applicationServerKey, client: { sdk: 'pushwell/0.1.0' } }
  const receipt = { id: 'm1', event: 'shown', at: 1 }
  const json = 'application/json'

  const cases: ReadonlyArray<
    [path: string, method: string, status: number, body?: object | string, type?: string]
  > = [
    ['/key', 'get', 200],
    ['/key', 'get', 429],
    ['/subscriptions', 'put', 200, body],
    ['/subscriptions', 'put', 200, { ...body, applicationServerKey: otherKey }],
    ['/subscriptions', 'put', 200, { ...body, signedOut: true }],
    ['/subscriptions', 'put', 400, { ...body, client: {} }],
    ['/subscriptions', 'put', 401, body],
    ['/subscriptions', 'put', 413, ' '.repeat(65_537)],
    ['/subscriptions', 'put', 415, body, 'text/plain'],
    ['/subscriptions', 'put', 429, body],
    ['/subscriptions', 'put', 500, body],
    ['/subscriptions', 'put', 503, body],
    ['/subscriptions/{id}', 'delete', 204],
    ['/subscriptions/{id}', 'delete', 204, { endpoint: subscription.endpoint }],
    ['/subscriptions/{id}', 'delete', 400, { endpoint: 'https://push.example.net/p/two' }],
    ['/subscriptions/{id}', 'delete', 401],
    ['/subscriptions/{id}', 'delete', 413, ' '.repeat(65_537)],
    ['/subscriptions/{id}', 'delete', 415, { endpoint: subscription.endpoint }, 'text/plain'],
    ['/subscriptions/{id}', 'delete', 429],
    ['/subscriptions/{id}', 'delete', 500],
    ['/subscriptions/{id}', 'delete', 503],
    ['/receipts', 'post', 204, { receipts: [receipt] }],
    ['/receipts', 'post', 400, { receipts: [] }],
    ['/receipts', 'post', 401, { receipts: [receipt] }],
    ['/receipts', 'post', 413, ' '.repeat(65_537)],
    ['/receipts', 'post', 415, { receipts: [receipt] }, 'text/plain'],
    ['/receipts', 'post', 500, { receipts: [receipt] }],
    ['/receipts', 'post', 503, { receipts: [receipt] }],
  ]

  test.each(cases)('%s %s: %i', async (path, method, status, content, type = json) => {
    const fails = (): never => {
      throw new Error('broken')
    }
    const store = createMemoryStore()
    const handler = createSubscriptionHandler({
      store: status === 503 ? { ...store, get: fails, remove: fails } : store,
      authorize: status === 500 ? fails : () => (status === 401 ? null : { recipient: null }),
      limit: () => (status === 429 ? 1000 : null),
      applicationServerKey,
      onReceipts: status === 503 ? fails : () => undefined,
    })
    const response = await handler(
      new Request(`https://app.example/push${path.replace('{id}', id)}`, {
        method: method.toUpperCase(),
        headers: { 'Content-Type': type },
        body:
          content === undefined
            ? null
            : typeof content === 'string'
              ? content
              : JSON.stringify(content),
      }),
    )
    expect(response.status).toBe(status)
    const { $ref, content: described } = operation(path, method).responses[status] as Answer
    const pointer = $ref?.slice(2).split('/') ?? ['paths', path, method, 'responses', `${status}`]
    const media = (
      $ref ? document.components.responses[$ref.split('/').at(-1) ?? ''] : { content: described }
    ).content
    if (!media) return expect(await response.text()).toBe('')
    const [mediaType = ''] = Object.keys(media)
    expect(response.headers.get('Content-Type')).toBe(mediaType)
    const isValid = at(...pointer, 'content', mediaType, 'schema')
    const answer: unknown = await response.json()
    expect(isValid(answer), JSON.stringify(isValid.errors)).toBe(true)
  })
})
