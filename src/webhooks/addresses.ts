import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

// Which addresses the server may connect to for somebody else: public ones, and what a setting names.

/** What the settings say. */
export interface AddressPolicy {
  /** Hosts, or hosts with a port, that may be anywhere: `WEBHOOK_HOSTS_ALLOWED`. */
  hostsAllowed: readonly string[]
  /** Whether plain http may be used: `WEBHOOK_HTTP`. */
  isHttpAllowed: boolean
}

/** The host of an address, an IPv6 one without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1')

/** Whether a setting names this host, so that it may be anywhere. */
export const isNamed = ({ hostname, port, protocol }: URL, { hostsAllowed }: AddressPolicy): boolean =>
  hostsAllowed.includes(hostname) || hostsAllowed.includes(`${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`)

/**
 * Whether everybody may reach this address. Only what is known to be public is: of IPv6 the space that is given out at
 * all, without the parts that stand for an IPv4 address or lead through a tunnel.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false
  const parsed = ipaddr.parse(address.replace(/%.*$/, ''))
  if (parsed.range() !== 'unicast') return false
  if (parsed instanceof ipaddr.IPv4) return true
  const [first = 0] = (parsed as ipaddr.IPv6).parts
  return first >= 0x2000 && first < 0x4000
}

/** Why nothing is sent to this address, as far as that is known without asking for its host; undefined where it may be. */
export function refusalOf(url: URL, policy: AddressPolicy): string | undefined {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && policy.isHttpAllowed)) {
    return 'Only https addresses are allowed here.'
  }
  const host = hostOf(url)
  const isOwn = isIP(host) === 0 ? /(?:^|\.)localhost\.?$/.test(host) : !isPublicAddress(host)
  if (isOwn && !isNamed(url, policy)) {
    return 'The address is not a public one, and no setting of the server allows it.'
  }
  return undefined
}
