import { renderList } from '../../headlines/edition.ts'
import type { ListContent } from '../../headlines/schema.ts'
import { FOREVER } from '../../shared/clock.ts'
import type { SeenList } from '../seen-lists.ts'

type Edition = SeenList['editions'][number]

/** What readers have of a list, and will have, against what its versions hold. */
export const listEditions = {
  kind: 'list-edition',
  says: 'readers have of lists what the desk has published',
  advice: 'Write these lists again, or publish them where they are staged.',
  faultOf({ list, contentAt, editions, windows }: SeenList, latest: string): string | undefined {
    const { contentVersion, publishedVersion, scheduledVersion, scheduledFrom, key } = list
    if (contentAt(contentVersion) === undefined) return 'is a list without what its version holds'
    const until = scheduledFrom ?? FOREVER
    const isPlan = ({ version }: Edition) => version === scheduledVersion
    const now = editions.filter((each) => each.liveUntil === until && !isPlan(each))
    const plans = editions.filter(isPlan)
    if (publishedVersion === 0) {
      if (now.length > 0) return 'is a rail that was never published, and readers have it'
    } else if (!isShown(now, key, contentAt(publishedVersion ?? contentVersion))) {
      return 'is a list of which readers have something else'
    }
    if (scheduledVersion !== null) {
      const isThen = plans.every(({ liveFrom, liveUntil }) => liveFrom === scheduledFrom && liveUntil === FOREVER)
      if (!isThen || !isShown(plans, key, contentAt(scheduledVersion)))
        return 'is a list of which readers will get something else'
    }
    const told = [...now, ...plans].flatMap(windowsOf).filter((at) => at > latest)
    return told.every((at) => windows.has(at)) ? undefined : 'is a list whose links come or go without being told'
  },
}

const isShown = (editions: Edition[], key: string | null, content: ListContent | undefined): boolean => {
  const [edition] = editions
  if (content === undefined || edition === undefined || editions.length > 1) return false
  const { card, items, needs, digest } = renderList(content)
  return (
    edition.key === key &&
    edition.card === card &&
    edition.items === items &&
    edition.needs === needs &&
    edition.digest === digest
  )
}

const windowsOf = ({ items, liveFrom }: Edition): string[] =>
  [...items.matchAll(/"(?:startsAt|endsAt)":"([^"]+)"/g)].map(([, at = '']) => at).filter((at) => at > liveFrom)
