import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BrowserTransport } from '../../../src/testing/push-service/browser-transport.ts'
import type { DeliveryOrder } from '../../../src/testing/push-service/delivery-order.ts'
import type { JournalFile } from '../../../src/testing/push-service/journal-file.ts'
import { createServiceState } from '../../../src/testing/push-service/service-state.ts'
import type { ServiceState } from '../../../src/testing/push-service/service-state.ts'
import type { RegisteredSubscription } from '../../../src/testing/push-service/subscription-registry.ts'

/** A journal in memory: a crash leaves what was appended, and perhaps half a line more. */
function createMemoryFile(): JournalFile & { crash(halfLine: boolean): void } {
  let text = ''
  return {
    read: () => text.split('\n'),
    append(line) {
      text += `${line}\n`
    },
    replace(lines) {
      text = lines.map((line) => `${line}\n`).join('')
    },
    close() {},
    crash(halfLine) {
      if (halfLine) text += '{"type":"message","message":{"id":"half'
    },
  }
}

const devices = ['a', 'b']
const device = fc.constantFrom(...devices)
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      device,
      ttl: fc.integer({ min: 0, max: 6 }),
      topic: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      index: fc.nat(30),
      code: fc.constantFrom(100, 101, 102, 301),
    }),
  },
  fc.record({ do: fc.constantFrom<'connect' | 'disconnect'>('connect', 'disconnect'), device }),
  fc.record({
    do: fc.constantFrom('duplicate' as const, 'corrupt' as const, 'swallow' as const),
    count: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ do: fc.constantFrom('hold' as const, 'clear' as const, 'dropAll' as const) }),
  fc.record({
    do: fc.constant('release' as const),
    order: fc.constantFrom('received' as const, 'reversed' as const, 'shuffled' as const),
  }),
  fc.record({ do: fc.constant('cancel' as const), index: fc.nat(30) }),
  fc.record({ do: fc.constant('restart' as const), halfLine: fc.boolean() }),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 3 }) }),
)

/** What the sender and the browsers know of one message. */
interface Expected {
  readonly device: string
  readonly topic: string | undefined
  readonly expiresAt: number
  /** The browser's word counts: it was handed over since the service last started. */
  isHandedOver: boolean
  /** The service owes nothing any more: settled, cancelled, replaced or swallowed. */
  isOver: boolean
  isSettled: boolean
  copies: number
}

/** A service, its browsers, and what they must have come to. */
function createStage() {
  const file = createMemoryFile()
  const model = new Map<string, Expected>()
  const connected = new Map<string, BrowserTransport>()
  const underWay = new Set<Expected>()
  let now = 1000
  let isHeld = false
  let state: ServiceState
  let subscriptions: Map<string, RegisteredSubscription>

  function start(): void {
    isHeld = false
    state = createServiceState({ now: () => now, random: () => 0.5, file })
    subscriptions = new Map()
    for (const name of devices) {
      state.registry.addDevice(name)
      const subscription = state.delivery.subscribe({
        device: name,
        channel: 'channel',
        applicationServerKey: null,
        endpointOf: (token) => `http://localhost/${token}`,
      })
      if (subscription) subscriptions.set(name, subscription)
    }
  }

  function connect(name: string): void {
    const transport: BrowserTransport = {
      deliver(subscription, { id }) {
        const message = model.get(id.replace(/\..*/, ''))
        expect(message?.device).toBe(subscription.device)
        // What the browser's word has settled, or the sender took back, must not come again.
        expect(message).toMatchObject({ isOver: false, isSettled: false })
        // A TTL of 0 reaches a browser that is connected at that moment.
        expect(message?.expiresAt).toBeGreaterThanOrEqual(now)
        if (!message) return
        Object.assign(message, { isHandedOver: true, copies: message.copies + 1 })
        underWay.add(message)
      },
      drop() {
        if (connected.get(name) === transport) lose(name)
      },
    }
    lose(name)
    connected.set(name, transport)
    state.delivery.connect(name, transport)
    if (!isHeld) expect(owedTo([name]).every((message) => underWay.has(message))).toBe(true)
  }

  function lose(name: string): BrowserTransport | undefined {
    const transport = connected.get(name)
    connected.delete(name)
    for (const message of underWay) if (message.device === name) underWay.delete(message)
    return transport
  }

  const owedTo = (names: readonly string[]) =>
    [...model.values()].filter(
      (message) => names.includes(message.device) && !message.isOver && message.expiresAt > now,
    )

  start()
  return {
    model,
    connect,
    get state() {
      return state
    },
    hold() {
      isHeld = true
      state.delivery.hold()
    },
    release(order: DeliveryOrder) {
      isHeld = false
      state.delivery.release(order)
      const owed = owedTo([...connected.keys()])
      expect(owed.every((message) => underWay.has(message))).toBe(true)
    },
    wait(seconds: number) {
      now += seconds * 1000
    },
    disconnect(name: string) {
      const transport = lose(name)
      if (transport) state.delivery.disconnect(name, transport)
    },
    send(name: string, ttl: number, topic: string | undefined) {
      const subscription = subscriptions.get(name)
      if (!subscription) throw new Error('Every device is subscribed.')
      const id = crypto.randomUUID()
      const expected: Expected = {
        device: name,
        topic,
        expiresAt: now + ttl * 1000,
        isHandedOver: false,
        isOver: false,
        isSettled: false,
        copies: 0,
      }
      model.set(id, expected)
      const base = { id, endpoint: subscription.endpoint, ttl, headers: {}, receivedAt: now }
      const draft = { ...base, body: new Uint8Array([1, 2]), ...(topic !== undefined && { topic }) }
      state.delivery.accept(subscription, draft)
      expected.isOver ||= state.store.get(id)?.status === 'swallowed'
      if (expected.isOver || topic === undefined) return
      for (const [other, message] of model) {
        const isSame = message.device === name && message.topic === topic && other !== id
        if (isSame) message.isOver = true
      }
    },
    settle(id: string, code: number) {
      const message = model.get(id)
      if (!message) return
      state.delivery.settle(message.device, id, code)
      if (message.isHandedOver) Object.assign(message, { isOver: true, isSettled: true })
    },
    cancel(id: string) {
      const message = model.get(id)
      if (state.delivery.cancel(id) && message) message.isOver = true
    },
    restart(halfLine: boolean) {
      for (const name of devices) lose(name)
      file.crash(halfLine)
      start()
    },
    /** What a browser that stays connected from now on must be given. */
    owed: () => owedTo(devices),
  }
}

test('whatever fails, a message is kept until its acknowledgement or its TTL, and no longer', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const stage = createStage()
      const idOf = (index: number) => [...stage.model.keys()][index] ?? ''
      for (const action of steps) {
        const { delivery, faults } = stage.state
        if (action.do === 'send') stage.send(action.device, action.ttl, action.topic)
        else if (action.do === 'settle') stage.settle(idOf(action.index), action.code)
        else if (action.do === 'cancel') stage.cancel(idOf(action.index))
        else if (action.do === 'connect') stage.connect(action.device)
        else if (action.do === 'disconnect') stage.disconnect(action.device)
        else if (action.do === 'duplicate') faults.duplicates.add(true, action)
        else if (action.do === 'corrupt') faults.corruptions.add(true, action)
        else if (action.do === 'swallow') faults.swallows.add(true, action)
        else if (action.do === 'hold') stage.hold()
        else if (action.do === 'clear') faults.clear()
        else if (action.do === 'dropAll') delivery.dropAll()
        else if (action.do === 'release') stage.release(action.order)
        else if (action.do === 'restart') stage.restart(action.halfLine)
        else if (action.do === 'wait') stage.wait(action.seconds)
      }
      for (const name of devices) stage.disconnect(name)
      stage.restart(true)
      const owed = stage.owed().map((message) => ({ message, copies: message.copies }))
      for (const name of devices) stage.connect(name)
      // Faults do not outlive the service: each comes once more, and once only.
      for (const { message, copies } of owed) expect(message.copies).toBe(copies + 1)
      for (const id of stage.model.keys()) stage.settle(id, 100)
      expect(stage.state.store.messages.filter(({ status }) => status === 'sent')).toEqual([])
    }),
    { numRuns: 400 },
  )
})
