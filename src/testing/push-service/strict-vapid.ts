/**
 * Checks the form of an `Authorization` header by the letter of RFC 8292 §3 and RFC 7235 §2.1. That
 * the header can be read at all is checked elsewhere.
 *
 * @returns The reason for refusing it, in words, or `null` when it is good.
 */
export function checkStrictAuthorization(authorization: string): string | null {
  if (!/^vapid /i.test(authorization)) {
    return 'RFC 8292 §3 knows the scheme "vapid" only; WebPush and Bearer were drafts’.'
  }
  const names = new Set<string>()
  for (const parameter of authorization.replace(/^\S+\s+/, '').split(',')) {
    // RFC 7235 §2.1: a token or a quoted string, with white space around the equals sign.
    const [, name, value] = parameterForm.exec(parameter.trim()) ?? []
    if (name === undefined || value === undefined) {
      return 'The parameters of Authorization are not "name=value", separated by commas (RFC 7235 §2.1).'
    }
    if (names.has(name.toLowerCase())) {
      return `The parameter "${name.toLowerCase().slice(0, 20)}" occurs twice (RFC 7235 §2.1).`
    }
    names.add(name.toLowerCase())
    if (name.toLowerCase() === 'k' && value.includes('=')) {
      return 'The parameter "k" is padded; it is base64url without padding (RFC 8292 §3.2).'
    }
  }
  return null
}

/** Checks that the claim `sub` is a contact (RFC 8292 §2.1). */
export function checkStrictSubject(sub: unknown): string | null {
  if (sub === undefined)
    return 'The claim "sub" is missing: a mailto: or https: URI (RFC 8292 §2.1).'
  const isContact =
    typeof sub === 'string' && /^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/i.test(sub)
  return isContact ? null : 'The claim "sub" is not a mailto: or https: URI (RFC 8292 §2.1).'
}

const parameterForm = /^([!#$%&'*+.^`|~\w-]+)\s*=\s*([!#$%&'*+.^`|~\w=/-]+|"[^"\\]*")$/
