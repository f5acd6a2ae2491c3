import { expect, test } from 'vitest'
import { version } from '../../src/shared/version.ts'
import { readManifest } from './built-package.ts'

test('the version in the sources is the one in package.json', () => {
  expect(version).toBe(readManifest().version)
})
