import { rangeError, typeError } from '../src/shared/errors.ts'
import type { GroupRules } from './group-rule.ts'

/** @throws TypeError or RangeError naming the rule that is wrong. */
export function checkGroupRules(rules: GroupRules): void {
  for (const [name, rule] of Object.entries(rules)) {
    if (rule === 'latest') continue
    if (typeof rule?.summary !== 'function')
      throw typeError('invalid-argument', `rules["${name}"] must be "latest" or have a summary.`)
    const { apart = 0 } = rule
    if (!(apart >= 0))
      throw rangeError('invalid-argument', `apart of rules["${name}"] must be 0 or more.`)
  }
}
