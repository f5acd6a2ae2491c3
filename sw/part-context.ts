import type { RegistrationRecords } from '../src/shared/registration-record.ts'
import type { WorkerScope } from './worker-scope.ts'

/** What a part may use of its worker. */
export interface PartContext {
  readonly scope: WorkerScope
  /**
   * The scope that records and URLs go by: that of the registration, or of the one beside which it
   * stands while a subscription moves to a new key.
   */
  readonly home: string
  readonly records: RegistrationRecords
  /** As origins. */
  readonly allowedOrigins: readonly string[]
}
