import { generate } from 'selfsigned'

/** What a TLS server shows, and what its clients are to trust; all of them PEM. */
export interface ServiceCertificate {
  /** The authority's certificate: clients that trust it trust the service. */
  readonly authority: string
  /** The server's certificate, signed by the authority. */
  readonly certificate: string
  readonly privateKey: string
}

const keyForm = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const

const dnsName = 2
const ipAddress = 7

/**
 * Makes a certificate for `localhost`, `127.0.0.1` and the hosts given, good for a year, with an
 * authority of its own. The authority's key is forgotten: nothing else can ever be signed with it.
 */
export async function createServiceCertificate(
  hosts: readonly string[],
): Promise<ServiceCertificate> {
  const authority = await generate([{ name: 'commonName', value: 'Pushwell local authority' }], {
    ...keyForm,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const { cert: certificate, private: privateKey } = await generate(
    [{ name: 'commonName', value: 'localhost' }],
    {
      ...keyForm,
      ca: { key: authority.private, cert: authority.cert },
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            ...['localhost', ...hosts].map((value) => ({ type: dnsName, value }) as const),
            { type: ipAddress, ip: '127.0.0.1' },
          ],
        },
      ],
    },
  )
  return { authority: authority.cert, certificate, privateKey }
}
