import type { Item } from './feed-item.ts'
import { plain } from './feed-item.ts'
import { childrenOf, childText, type XmlElement } from './xml-items.ts'

// What comes with an item of a feed: enclosures of RSS, links of Atom, Media RSS.

const isPicture = ({ name, attributes: { type, medium, url, href } }: XmlElement): boolean => {
  if (name === 'media:thumbnail') return true
  if (type !== undefined || medium !== undefined) return type?.startsWith('image/') || medium === 'image'
  return /\.(?:jpe?g|png|gif|webp|avif)(?:\?|$)/i.test(url ?? href ?? '')
}

/** All that is attached; thumbnails last, as they are the same picture in small. */
function attachments(item: XmlElement): XmlElement[] {
  const groups = [item, ...childrenOf(item, 'media:group')]
  const links = childrenOf(item, 'link').filter(({ attributes }) => attributes.rel === 'enclosure')
  return [
    ...childrenOf(item, 'enclosure'),
    ...links,
    ...groups.flatMap((each) => childrenOf(each, 'media:content')),
    ...groups.flatMap((each) => childrenOf(each, 'media:thumbnail')),
  ]
}

const addressOf = ({ attributes }: XmlElement): string => (attributes.url ?? attributes.href ?? '').trim()

/** The pictures of an item, the most particular first. */
export function picturesOf(item: XmlElement): NonNullable<Item['image']>[] {
  const around = childrenOf(item, 'media:group')[0] ?? item
  return attachments(item)
    .filter((each) => isPicture(each) && addressOf(each) !== '')
    .map((each) => {
      const said = (name: string) => plain(childText(each, name) || childText(around, name))
      const [caption, credit] = [said('media:description'), said('media:credit')]
      return { url: addressOf(each), ...(caption !== '' && { caption }), ...(credit !== '' && { credit }) }
    })
}

/** What is told of attachments that have no place in an article. */
export const attachedTo = (item: XmlElement): string[] =>
  [
    ...new Set(
      attachments(item)
        .filter((each) => !isPicture(each))
        .map(addressOf),
    ),
  ]
    .filter((address) => address !== '')
    .map((address) => `Its attachment ${address.slice(0, 200)} is not taken.`)
