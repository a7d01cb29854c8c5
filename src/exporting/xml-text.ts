// Text in XML 1.0. It cannot say most control characters, not even by number, and reads a carriage return as a newline.

/** What it cannot say, or would not give back. */
const UNSAYABLE = /[^\P{Cc}\t\n\u007f-\u009f]|[\ufffe\uffff]/gu

/** As HTML, which may name by number what XML cannot say: for what is read as HTML once XML has been read. */
export const htmlEscaped = (text: string): string =>
  withReferences(
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  )

/** HTML with numbers for what XML cannot say. */
export const withReferences = (html: string): string =>
  html.replaceAll(UNSAYABLE, (sign) => `&#${sign.codePointAt(0)};`)

/** Without what cannot be said. Only for what is told whole elsewhere. */
const sayable = (text: string): string => text.replaceAll(UNSAYABLE, (sign) => (sign === '\r' ? '\n' : ''))

export const cdata = (text: string): string => `<![CDATA[${sayable(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

/** An element with nothing but text, on a line of its own. */
export const element = (name: string, text: string): string =>
  `<${name}>${sayable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</${name}>\n`
