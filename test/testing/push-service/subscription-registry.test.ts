import { expect, test } from 'vitest'
import { createSubscriptionRegistry } from '../../../src/testing/push-service/subscription-registry.ts'

function createRegistry(
  maxSubscriptionsPerDevice: number,
  maxEnded: number,
  limits: { readonly maxDevices?: number; readonly maxSubscriptions?: number } = {},
) {
  let count = 0
  return createSubscriptionRegistry({
    newToken: () => `token-${++count}`,
    maxSubscriptionsPerDevice,
    maxEnded,
    maxDevices: 10,
    maxSubscriptions: 100,
    ...limits,
  })
}

const endpointOf = (token: string) => `http://localhost/wpush/v1/${token}`
const registration = (device: string, channel: string) => ({
  device,
  channel,
  applicationServerKey: null,
  endpointOf,
})

test('a device that holds too many subscriptions gets no other until one ends', () => {
  const registry = createRegistry(2, 10)
  registry.addDevice('a')
  registry.register(registration('a', '1'))
  const second = registry.register(registration('a', '2'))
  expect(registry.register(registration('a', '3'))).toBe(null)
  expect(registry.register(registration('a', '2'))).toEqual(second)
  registry.end(second?.token ?? '', 'unsubscribed')
  expect(registry.register(registration('a', '3'))).not.toBe(null)
})

test('a device that the registry does not know cannot subscribe', () => {
  expect(createRegistry(2, 10).register(registration('a', '1'))).toBe(null)
})

test('ended subscriptions beyond the limit are forgotten oldest first, living ones never', () => {
  const registry = createRegistry(10, 2)
  registry.addDevice('a')
  for (const channel of ['1', '2', '3', '4']) registry.register(registration('a', channel))
  for (const token of ['token-2', 'token-3', 'token-4']) registry.end(token, 'expired')
  expect(registry.subscriptions.map(({ token }) => token)).toEqual([
    'token-1',
    'token-3',
    'token-4',
  ])
})

test('a subscription is found by its whole endpoint only', () => {
  const registry = createRegistry(10, 10)
  registry.addDevice('a')
  registry.register(registration('a', '1'))
  expect(registry.findByEndpoint(endpointOf('token-1'))?.channel).toBe('1')
  expect(registry.findByEndpoint('http://elsewhere/wpush/v1/token-1')).toBe(undefined)
})

test('beyond the limit the first device without a subscription is forgotten, others never', () => {
  const registry = createRegistry(10, 10, { maxDevices: 2 })
  registry.addDevice('a')
  registry.register(registration('a', '1'))
  registry.addDevice('b')
  expect(registry.addDevice('c')).toBe(true)
  expect(registry.devices).toEqual(['a', 'c'])
  registry.register(registration('c', '1'))
  expect(registry.addDevice('d')).toBe(false)
  expect(registry.addDevice('a')).toBe(true)
  expect(registry.devices).toEqual(['a', 'c'])
})

test('living subscriptions are limited over all devices together', () => {
  const registry = createRegistry(10, 10, { maxSubscriptions: 2 })
  for (const device of ['a', 'b']) registry.addDevice(device)
  const first = registry.register(registration('a', '1'))
  registry.register(registration('b', '1'))
  expect(registry.register(registration('b', '2'))).toBe(null)
  registry.end(first?.token ?? '', 'expired')
  expect(registry.register(registration('b', '2'))).not.toBe(null)
})
