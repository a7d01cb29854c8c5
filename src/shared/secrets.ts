/** A key of this API, or the token in the address of a preview (access/rules.ts makes them). */
const secret = /dl_(live|dev|preview)_[\w-]+/gi

/** A text without the secrets of ours that stand in it, also where an address writes them percent-encoded. */
export function withoutSecrets(text: string): string {
  const plain = text.replaceAll(/%([2-7][\da-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const cut = plain.replaceAll(secret, '[secret]')
  return cut === plain ? text : cut
}
