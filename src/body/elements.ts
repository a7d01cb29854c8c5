/** Elements that hold code: their white space is kept. */
export const CODE: readonly string[] = ['pre', 'xmp', 'listing', 'plaintext']

/** Elements that hold list items. */
export const LISTS: readonly string[] = ['ul', 'ol', 'menu', 'dir']

/** Elements that show something from elsewhere. */
export const EMBEDS: readonly string[] = ['iframe', 'embed', 'video', 'audio']

/** Elements that begin and end a line of their own (WHATWG HTML, rendering of flow content). */
export const BLOCKS: readonly string[] = [
  ...['address', 'article', 'aside', 'blockquote', 'body', 'caption', 'center', 'dd', 'details', 'dialog', 'div', 'dl'],
  ...['dt', 'fieldset', 'figcaption', 'figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header'],
  ...[
    'hgroup',
    'hr',
    'legend',
    'li',
    'main',
    'nav',
    'optgroup',
    'option',
    'p',
    'search',
    'section',
    'summary',
    'table',
  ],
  ...CODE,
  ...LISTS,
  ...['tbody', 'td', 'tfoot', 'th', 'thead', 'tr'],
]
