/** A key of this API, the token in the address of a preview, or what webhooks are signed with (access/rules.ts makes them). */
const secret = /dl_(live|dev|preview)_[\w-]+|whsec_[\w+/=-]+/gi

/** A text without the secrets of ours that stand in it, also where an address writes them percent-encoded. */
export function withoutSecrets(text: string): string {
  if (!/dl_|whsec_|%/i.test(text)) return text
  const plain = text.replaceAll(/%([2-7][\da-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const cut = plain.replaceAll(secret, '[secret]')
  return cut === plain ? text : cut
}
