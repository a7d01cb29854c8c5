import { createHash, randomBytes } from 'node:crypto'

/** `dl_<environment>_<random>`, or `dl_preview_<random>` for the address of a preview: 32 random bytes (256 bits) in base64url, with a prefix that secret scanners can find. */
export const makeSecret = (kind: 'live' | 'dev' | 'preview'): string =>
  `dl_${kind}_${randomBytes(32).toString('base64url')}`

/** What messages to an endpoint are signed with: `whsec_` and 32 random bytes in base64, as Standard Webhooks has it. */
export const makeSigningSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/** A plain SHA-256 is right for a secret with 256 bits of its own: there is nothing to guess, so nothing to slow down. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** The token of an `Authorization: Bearer` field (RFC 6750), or undefined where the field is of another form. */
export const bearerToken = (authorization: string): string | undefined =>
  /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization)?.[1]
