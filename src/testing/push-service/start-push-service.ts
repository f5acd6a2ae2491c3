import { PushwellError } from '../../shared/errors.ts'
import { isMissingPackage } from '../missing-package.ts'
import type { PushService, PushServiceOptions } from './push-service.ts'

/**
 * Starts a push service on 127.0.0.1: RFC 8030 for senders, over http and https, Mozilla's autopush
 * protocol for Firefox, and checkin, registration and MCS for Chromium, all on one port.
 * Subscriptions and messages live as long as the service does, so browsers may restart; with a
 * `folder` they outlive the service too.
 *
 * A message is kept until its browser has acknowledged it or its TTL is over.
 *
 * @throws RangeError for an option out of range; PushwellError `service-failed` when the folder
 * cannot be used or a package that the service needs is not installed; the error of `listen` when
 * the port is taken.
 */
export async function startPushService(options: PushServiceOptions = {}): Promise<PushService> {
  const { openPushService } = await loadService()
  return openPushService(options)
}

/** Loaded only here: whoever tests a worker alone needs none of the service's packages. */
function loadService() {
  return import('./open-push-service.ts').catch((cause: unknown) => {
    if (!isMissingPackage(cause)) throw cause
    throw new PushwellError(
      'service-failed',
      'The local push service needs the packages ws, selfsigned and @bufbuild/protobuf: npm install --save-dev ws selfsigned @bufbuild/protobuf',
      { cause },
    )
  })
}
