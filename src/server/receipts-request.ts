import { typeError } from '../shared/errors.ts'
import type { ReceiptsRequest } from '../shared/protocol.ts'
import { type Receipt, receiptEvents, receiptLimits } from '../shared/receipt.ts'
import { isText } from './is-text.ts'

/**
 * Reads the body of `POST /receipts`, already parsed as JSON.
 *
 * @returns A new object with the known fields alone.
 * @throws TypeError with the code `invalid-argument`, fit to be shown to whoever sent it.
 */
export function parseReceiptsRequest(value: unknown): ReceiptsRequest {
  const { receipts } = Object(value) as Readonly<Record<string, unknown>>
  const { count } = receiptLimits
  if (!Array.isArray(receipts) || receipts.length === 0 || receipts.length > count) {
    throw invalid(`receipts must be a list of 1 to ${count}.`)
  }
  return { receipts: receipts.map(parseReceipt) }
}

function parseReceipt(value: unknown): Receipt {
  const { id, event, at, action } = Object(value) as Readonly<Record<string, unknown>>
  const known = receiptEvents.find((name) => name === event)
  if (!known) throw invalid(`receipts must each have an event: ${receiptEvents.join(', ')}.`)
  if (!isText(id, receiptLimits.id)) throw invalid(textOf('id', receiptLimits.id))
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || at < 0) {
    throw invalid('receipts must each have at, whole milliseconds since 1970.')
  }
  if (action === undefined) return { id, event: known, at }
  if (!isText(action, receiptLimits.action)) throw invalid(textOf('action', receiptLimits.action))
  return { id, event: known, at, action }
}

function textOf(name: string, longest: number): string {
  return `receipts.${name} must be a string of 1 to ${longest} characters, without NUL or lone surrogates.`
}

function invalid(sentence: string): TypeError {
  return typeError('invalid-argument', sentence)
}
