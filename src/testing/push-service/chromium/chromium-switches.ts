import { createHash, X509Certificate } from 'node:crypto'
import { checkinPath, registrationPath } from './chromium-handler.ts'

/**
 * Gives the command line switches that make Chromium use a local push service. They do not grant
 * notifications.
 *
 * @param port - Where the service answers on 127.0.0.1, in plain HTTP and in TLS.
 * @param certificate - The certificate that it shows there, PEM.
 */
export function chromiumPushSwitches(port: number, certificate: string): string[] {
  return [
    `--gcm-checkin-url=http://127.0.0.1:${port}${checkinPath}`,
    `--gcm-registration-url=http://127.0.0.1:${port}${registrationPath}`,
    `--gcm-mcs-endpoint=https://127.0.0.1:${port}`,
    // Chromium's own list of authorities is not touched: only this key is believed, here only.
    `--ignore-certificate-errors-spki-list=${keyHash(certificate)}`,
  ]
}

function keyHash(certificate: string): string {
  const { publicKey } = new X509Certificate(certificate)
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('base64')
}
