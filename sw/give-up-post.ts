import type { PushwellErrorCode } from '../src/shared/errors.ts'
import type { PendingPost } from '../src/shared/pending-post.ts'
import { noteFailure } from '../src/shared/recorded-failures.ts'
import { finish } from './choose-notification.ts'
import { isNotificationDescriptor } from './notification.ts'
import type { PostsOutbox } from './posts-outbox.ts'
import { showPrivate } from './show-private.ts'

/**
 * Tells the user that a request has come to nothing. Never rejects.
 *
 * @param isKnown - Whether its `recipient` is: else nothing private is told, as anybody may see it.
 */
export async function giveUpPost(
  { key, click, recipient }: Pick<PendingPost, 'key' | 'click' | 'recipient'>,
  code: PushwellErrorCode,
  { context, failed }: PostsOutbox,
  isKnown = true,
): Promise<void> {
  const { home, records } = context
  const { type = '', id, data, action, reply } = click
  const post = { type, action, ...(isKnown ? { id, data, reply } : { data: undefined }) }
  const describe = async () => (typeof failed === 'function' ? failed(post) : failed)
  const said = await describe().catch(() => undefined)
  const descriptor = isNotificationDescriptor(said) ? said : context.fallback
  // The same one, should the worker end before the request is forgotten.
  const tagged = { ...descriptor, tag: descriptor.tag || `pushwell-post ${key}` }
  const message = { recipient: isKnown ? (recipient ?? undefined) : undefined }
  try {
    await showPrivate(finish(tagged, message, context), context)
    await records.update(home, (record) => ({
      ...record,
      failures: noteFailure(record.failures, code, Date.now()),
    }))
  } catch {
    // There is no permission any more.
  }
}
