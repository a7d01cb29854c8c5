// What the two OpenAPI documents say of themselves: one for each door, so that a partner never reads past their own.

const conventions = `
Instants are ISO 8601 in UTC with milliseconds, languages BCP 47 tags, ids UUIDs. Fields may be added to answers within v1:
ignore what you do not know. Cursors are opaque. Every answer that is not a success is a problem document (RFC 9457) whose
\`code\` is stable; each has a page under \`/docs/problems\`.`

export const deliveryDocument = {
  title: 'Dateline delivery API',
  description: `What readers get: published articles and headline links, and nothing else. Needs no key, unless the installation is private.
Every answer that can be cached has an ETag: send it as \`If-None-Match\` and get 304 while nothing has changed.
${conventions}`,
  tags: [
    { name: 'Articles', description: 'Published articles' },
    { name: 'Headlines', description: 'Ordered lists of headlines: the links of an article, and rails' },
    { name: 'Fronts', description: 'Pages made of rails, each in one answer' },
    { name: 'Taxonomy', description: 'Sections, tags and authors, with how many articles have them' },
    { name: 'Feeds', description: 'For feed readers and search engines' },
    { name: 'Changes', description: 'What has changed, in order' },
    { name: 'Previews', description: 'What is not public yet, for whoever has its address' },
    { name: 'Keys', description: 'What your key may do' },
  ],
  isClosed: false,
}

export const editorialDocument = {
  title: 'Dateline editorial API',
  description: `What the desk writes. Every operation needs a key; what a key may not see is answered like what does not exist.
Every change of something that exists needs \`If-Match\` with the ETag that you have read: 428 without it, 412 if somebody
was faster, and then nothing is lost on either side.
${conventions}`,
  tags: [
    { name: 'Articles', description: 'Drafts, and what is done with them' },
    { name: 'Headlines', description: 'The headline links of an article' },
    { name: 'Rails', description: 'Named lists of headlines' },
    { name: 'Fronts', description: 'Pages made of rails' },
    { name: 'Taxonomy', description: 'Sections, tags and authors' },
    { name: 'Previews', description: 'Addresses that show something before it is public' },
    { name: 'Batch', description: 'Several writes as one' },
    { name: 'Releases', description: 'What changes together, and all that will happen by the clock' },
    { name: 'History', description: 'What articles, lists and fronts were before' },
    { name: 'Imports', description: 'Archives on their way into articles' },
    { name: 'Exports', description: 'Everything as a file' },
    { name: 'Changes', description: 'Everything that happens, in order' },
    { name: 'Webhooks', description: 'Where events are sent, and what became of each' },
    { name: 'Keys', description: 'Who may do what' },
    { name: 'Audit', description: 'Who did what' },
  ],
  isClosed: true,
}
