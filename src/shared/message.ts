/**
 * What can check a value: the Standard Schema interface, version 1 (https://standardschema.dev),
 * which Zod, Valibot, ArkType and others implement. Written out here so that nothing needs
 * installing.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (
      value: unknown,
    ) => StandardSchemaResult<Output> | Promise<StandardSchemaResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** A checked value, or what is wrong with it. */
export type StandardSchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardSchemaIssue[] }

/** One thing that is wrong with a value. */
export interface StandardSchemaIssue {
  /** May quote the value. */
  readonly message: string
  /** From the value inwards; absent when it is the value itself. */
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined
}

/** Every message that an app sends, by type name. Made with {@link defineMessages}. */
export type MessageDefinitions = { readonly [type: string]: StandardSchema }

/** The type names of a set of messages. */
export type MessageType<Definitions extends MessageDefinitions> = keyof Definitions & string

/** What `data` of a message type is, once checked. */
export type MessageData<Schema extends StandardSchema> = NonNullable<
  Schema['~standard']['types']
>['output']

/**
 * A schema that also names the buttons of its notifications: for the types of routes and clicks
 * alone, nothing is there at run time.
 *
 * @example
 * const chat: WithActions<typeof chatSchema, 'reply' | 'mute'> = chatSchema
 */
export type WithActions<Schema extends StandardSchema, Action extends string> = Schema & {
  readonly '~actions'?: Action
}

/** The names of the buttons of a message type: any, where its definition does not say. */
export type MessageAction<Schema extends StandardSchema> = Schema extends {
  readonly '~actions'?: infer Action
}
  ? unknown extends Action
    ? string
    : Extract<Action, string>
  : string

/** What a sender gives as `data` of a message type, before it is checked. */
export type MessageInput<Schema extends StandardSchema> = NonNullable<
  Schema['~standard']['types']
>['input']

/**
 * Says once which messages there are; the sender, the worker and the page take their types from
 * it.
 *
 * @example
 * export const messages = defineMessages({
 *   'order.shipped': message<{ orderId: string; eta: string }>(),
 *   'chat.message': chatMessageSchema,
 * })
 */
export function defineMessages<const Definitions extends MessageDefinitions>(
  definitions: Definitions,
): Definitions {
  return definitions
}

/**
 * A message whose `data` is typed but not checked at run time; and whose buttons are, when they are
 * named: `message<{ orderId: string }, 'track' | 'later'>()`.
 */
export function message<Data, Action extends string = string>(): WithActions<
  StandardSchema<Data>,
  Action
> {
  return {
    '~standard': {
      version: 1,
      vendor: 'pushwell',
      validate: (value) => ({ value: value as Data }),
    },
  }
}
