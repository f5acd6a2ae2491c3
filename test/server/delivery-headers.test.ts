import { describe, expect, test } from 'vitest'
import { type DeliveryOptions, deliveryHeaders } from '../../src/server/delivery-headers.ts'

describe('deliveryHeaders', () => {
  test('writes what is given and nothing else', () => {
    expect(deliveryHeaders({ ttl: 0 })).toEqual({ TTL: '0' })
    expect(deliveryHeaders({ ttl: 2_419_200, urgency: 'very-low', topic: 'A-z_9' })).toEqual({
      TTL: '2419200',
      Urgency: 'very-low',
      Topic: 'A-z_9',
    })
    expect(deliveryHeaders({ ttl: 1, topic: 'x'.repeat(32) })['Topic']).toHaveLength(32)
  })

  test.each<[string, object]>([
    ['ttl', {}],
    ['ttl', { ttl: -1 }],
    ['ttl', { ttl: 1.5 }],
    ['ttl', { ttl: 2_419_201 }],
    ['ttl', { ttl: Number.NaN }],
    ['ttl', { ttl: '60' }],
    ['urgency', { ttl: 1, urgency: 'urgent' }],
    ['urgency', { ttl: 1, urgency: '' }],
    ['topic', { ttl: 1, topic: '' }],
    ['topic', { ttl: 1, topic: 'x'.repeat(33) }],
    ['topic', { ttl: 1, topic: 'a b' }],
    ['topic', { ttl: 1, topic: 'a\r\nX: y' }],
    ['topic', { ttl: 1, topic: 5 }],
  ])('refuses a wrong %s: %o', (field, options) => {
    expect(() => deliveryHeaders(options as DeliveryOptions)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: expect.stringMatching(new RegExp(`^${field} `)),
      }),
    )
  })
})
