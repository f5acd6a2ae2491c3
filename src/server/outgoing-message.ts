import { typeError } from '../shared/errors.ts'
import type {
  MessageDefinitions,
  MessageInput,
  MessageType,
  StandardSchemaIssue,
} from '../shared/message.ts'
import type { MessageContent } from '../shared/message-content.ts'
import { fitMessage, type MessageStamp } from '../shared/write-message.ts'
import { encodeText } from './encode-text.ts'

/** A payload in a format of the app's own, which the worker must know how to read. */
export interface RawPayload {
  /** At most 3,993 octets; a string is sent as UTF-8. */
  readonly payload: string | Uint8Array
}

/** A message of any type, or none. */
export type AnyMessage = MessageContent | RawPayload | null

/** Everything of a message that does not depend on its type. */
export type MessageFrame = Omit<MessageContent, 'type' | 'data'>

/**
 * What a sender takes: a message of one of the defined types, or without a type (then with nothing
 * but its notification); a {@link RawPayload}; or `null`, a push with no payload at all, which the
 * worker shows its fallback for. A sender without definitions takes any type with any data.
 */
export type OutgoingMessage<Definitions extends MessageDefinitions = MessageDefinitions> =
  | (string extends MessageType<Definitions>
      ? MessageContent
      : | TypedMessage<Definitions>
        | (MessageFrame & { readonly type?: never; readonly data?: never }))
  | RawPayload
  | null

/** A message of one of the defined types, with the data of that type. */
export type TypedMessage<Definitions extends MessageDefinitions> = {
  [Type in MessageType<Definitions>]: MessageFrame & { readonly type: Type } & DataField<
      MessageInput<Definitions[Type]>
    >
}[MessageType<Definitions>]

type DataField<Input> = undefined extends Input
  ? { readonly data?: Input }
  : { readonly data: Input }

/** What there is to encrypt. */
export interface WrittenPayload {
  /** None for an empty push. */
  readonly octets: Uint8Array
  /** The body of the notification did not fit, and was cut. */
  readonly isCut?: true
}

/**
 * Turns what a sender was given into the octets to encrypt.
 *
 * @throws TypeError with the code `invalid-message`, naming the field, and with the schema's issues
 * as its `cause` when it was the schema that refused; RangeError with the code `message-too-large`.
 */
export async function writePayload(
  message: AnyMessage,
  stamp: MessageStamp,
  definitions: MessageDefinitions | undefined,
): Promise<WrittenPayload> {
  if (message === null) return { octets: new Uint8Array() }
  if (typeof message === 'object' && 'payload' in message) {
    const { payload } = message
    if (typeof payload === 'string') return { octets: encodeText(payload) }
    if (payload instanceof Uint8Array) return { octets: payload }
    throw typeError('invalid-message', 'message.payload must be a string or a Uint8Array.')
  }
  const { json, isCut } = fitMessage(message, stamp)
  if (definitions) await checkData(message, definitions)
  return { octets: encodeText(json), ...(isCut && { isCut }) }
}

/** What is sent is the data as given: the schema's own changes happen where it is received. */
async function checkData(
  { type, data }: MessageContent,
  definitions: MessageDefinitions,
): Promise<void> {
  if (type === undefined) return
  const schema = Object.hasOwn(definitions, type) ? definitions[type] : undefined
  if (!schema) throw typeError('invalid-message', 'message.type must be one of the defined types.')
  const { issues } = await schema['~standard'].validate(data)
  if (!issues) return
  // What an issue says may quote the data, so only where it is goes into the sentence.
  const sentence = `${issues.map(fieldOf).join(', ')} must fit its type.`
  throw Object.assign(new TypeError(sentence, { cause: issues }), { code: 'invalid-message' })
}

function fieldOf({ path = [] }: StandardSchemaIssue): string {
  const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment))
  return ['message.data', ...keys.map(String)].join('.')
}
