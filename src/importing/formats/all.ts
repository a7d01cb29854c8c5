import { dateline } from './dateline.ts'
import { feed } from './feed.ts'
import type { Format, Source } from './format.ts'
import { ghost } from './ghost.ts'
import { html } from './html.ts'
import { markdown } from './markdown.ts'
import { ninjs } from './ninjs.ts'
import { text } from './text.ts'
import { wxr } from './wxr.ts'

/** Every format, the most particular first: what is recognised by several is of the first. */
export const formats: Format[] = [dateline, wxr, feed, ghost, ninjs, markdown, html, text]

/** The format of a source by its looks; undefined where none knows it. */
export const formatOf = (source: Source): Format | undefined => formats.find((format) => format.recognises(source))
