import { rangeError, typeError } from '../shared/errors.ts'
import type { RegistrationRecord } from '../shared/registration-record.ts'
import { unparked } from '../shared/sync-retry.ts'

/** What may be said together with who is signed in. */
export interface Identity {
  /** All of the user's tags; without it, those of the same user stay. */
  readonly tags?: readonly string[]
}

/** Which tags come and which go. */
export interface TagChange {
  readonly add?: readonly string[]
  readonly remove?: readonly string[]
}

type Change = (record: RegistrationRecord) => RegistrationRecord

/** What the sync protocol takes (`docs/sync-protocol.yaml`). */
const mostTags = 100
const longestTag = 100

/** Writes down who is signed in; what waited for a sign-in waits no longer. */
export function identifying(recipient: string, { tags }: Identity): Change {
  if (typeof recipient !== 'string' || recipient === '' || !isText(recipient)) {
    const text = 'a string that is not empty, without NUL and lone surrogates'
    throw typeError('invalid-argument', `recipient must be ${text}.`)
  }
  const given = tags && checkTags(tags, 'tags')
  return (record) => {
    const isOther = typeof record.recipient === 'string' && record.recipient !== recipient
    return { ...unparked(record), recipient, tags: given ?? (isOther ? [] : record.tags) }
  }
}

/** Writes down that nobody is signed in. */
export function forgetting(record: RegistrationRecord): RegistrationRecord {
  return { ...unparked(record), recipient: null, tags: [] }
}

/** Adds and removes tags; one that is in both goes. */
export function taggedWith({ add = [], remove = [] }: TagChange): Change {
  checkTags(add, 'add')
  checkTags(remove, 'remove')
  return (record) => {
    const tags = [...new Set([...(record.tags ?? []), ...add])]
    const kept = tags.filter((tag) => !remove.includes(tag))
    return { ...record, tags: checkTags(kept, 'add') }
  }
}

function checkTags(tags: readonly string[], name: string): readonly string[] {
  const isTag = (tag: unknown) =>
    typeof tag === 'string' && tag !== '' && tag.length <= longestTag && isText(tag)
  if (!Array.isArray(tags) || !tags.every(isTag)) {
    const strings = `strings of 1 to ${longestTag} characters, without NUL and lone surrogates`
    throw typeError('invalid-argument', `${name} must hold ${strings}.`)
  }
  if (tags.length > mostTags) {
    throw rangeError('invalid-argument', `${name} must make at most ${mostTags} tags.`)
  }
  return tags
}

/** Tells text that every backend can keep: no UTF-8 has a lone surrogate, and PostgreSQL no NUL. */
function isText(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text)
}
