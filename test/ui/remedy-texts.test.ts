import { expect, test } from 'vitest'
import { remedyTexts } from '../../src/ui/index.ts'

test.each(Object.entries(remedyTexts))('%s is a sentence for the user', (_, text) => {
  expect(text).toMatch(/^[A-Z].*\.$/)
  expect(text).not.toMatch(/error|code|undefined/i)
})
