import type { ProblemCode } from '../shared/problem.ts'

/** What each code means and what to do about it: the text of its page. A test holds it against the catalogue. */
export const problemPages: Record<ProblemCode, { meaning: string; remedy: string }> = {
  'malformed-request': {
    meaning:
      'The request could not be understood: broken HTTP, a broken percent-encoding, or a header field of the wrong form.',
    remedy: 'Look at `detail`, and at `errors` where a field is named. Sending the same request again will not help.',
  },
  'malformed-json': {
    meaning:
      'The body is not JSON as RFC 8259 has it: a syntax error, not UTF-8, a member given twice, or nested too deep.',
    remedy: '`detail` says where. JSON libraries write correct JSON; text put together by hand often does not.',
  },
  'invalid-parameter': {
    meaning: 'A query parameter is unknown, misspelt, given twice or has a value that it cannot have.',
    remedy: '`errors` names each parameter and what would be right; `didYouMean` has the nearest known name.',
  },
  'invalid-cursor': {
    meaning: 'The cursor was not given out by this API, or was given out for other filters.',
    remedy: 'Follow `page.next` and `page.previous` with the same filters, or start again without a cursor.',
  },
  unauthenticated: {
    meaning: 'The request has no key, or one that is unknown or revoked.',
    remedy: 'Send `Authorization: Bearer dl_…` with a key that an administrator has made.',
  },
  forbidden: {
    meaning: 'The key is good, but its role does not include the scope that this needs.',
    remedy: '`scope` names what is missing. `GET /v1/me` tells what your key may do.',
  },
  'not-found': {
    meaning: 'There is nothing at this address, or nothing that your key may know of: both are answered alike.',
    remedy: 'Check the id or slug. A draft is not at the public address until it is published.',
  },
  'method-not-allowed': {
    meaning: 'The address exists, but not for this method.',
    remedy: 'The `Allow` header field lists the methods that it takes.',
  },
  'not-acceptable': {
    meaning: 'Your `Accept` header field allows nothing that this address can give.',
    remedy:
      'Accept `application/json`, or leave the field out. Where an address has several formats, `available` lists them.',
  },
  'request-timeout': {
    meaning: 'The request took longer to arrive than this server waits.',
    remedy: 'Send it again, in one go. Nothing was changed.',
  },
  'slug-taken': {
    meaning: 'Another article has this slug, or had it while it was public and keeps it for its old links.',
    remedy: 'Choose another slug, or leave it out when you create an article: one is derived that is free.',
  },
  'already-exists': {
    meaning: 'There is one already with this key, slug, id or `externalId`.',
    remedy: 'Read the one that exists, or choose another name.',
  },
  'in-use': {
    meaning: 'Articles have this section, tag or author, or have had it, or sections are in it. Nothing was deleted.',
    remedy: 'Give it another name or slug, or take it from the articles; former editions keep it.',
  },
  'duplicate-item': {
    meaning:
      'Two links of the list would point at the same article, address, rail, section or tag. Nothing was changed.',
    remedy:
      '`existing` has the id and the place of the link that is there. Move or change that one, or leave one of them out. Writes on a whole list take `?onDuplicate=move`.',
  },
  'rail-full': {
    meaning: 'The rail would hold more items than its `maxItems`. Nothing was changed.',
    remedy:
      'Take items out, or raise `maxItems`. Writes on the rail itself take `?overflow=trim`: then the last that are not pinned give way.',
  },
  'invalid-transition': {
    meaning:
      'What you ask for is not possible in the state that this is in: an article in the trash cannot be published, say.',
    remedy: '`detail` names the state. Read the article again and choose another step.',
  },
  'piece-changed': {
    meaning: 'A piece of the release is not the version that was looked at when it was added. Nothing was scheduled.',
    remedy:
      '`errors` names each such piece and its present version. Look at them, then take them out and add them again, or send `acceptChanges: true`.',
  },
  locked: {
    meaning: 'Somebody else has said to be at work on this article. Only a lock is refused for it: writes are not.',
    remedy:
      '`lockedBy` says who, and until when. Wait or talk to them; an editor can break the lock with a reason. You may write all the same: the version check decides.',
  },
  'patch-test-failed': {
    meaning:
      'A `test` operation of the JSON Patch found another value than the one it was given, or none. Nothing was changed.',
    remedy:
      '`errors` names the operation. Read what stands now, decide whether your change still fits, make a new patch.',
  },
  'already-done': {
    meaning:
      'An earlier request with this `Idempotency-Key` has done this. Its answer is not kept: it held a secret, or what it said was erased since.',
    remedy: 'Nothing was done a second time. `Location` leads to what was made, where there is one.',
  },
  gone: {
    meaning: 'What was here has been public and was taken away for good: killed by the newsroom, or erased.',
    remedy: 'Take it out of your pages and caches. `reason` has the code of the reason where there is one.',
  },
  'idempotency-key-reused': {
    meaning: 'The same `Idempotency-Key` came with another body, version or query before. Nothing was done.',
    remedy: 'Take a new key for each thing that you want done; send the old one only to repeat the very same request.',
  },
  'version-mismatch': {
    meaning:
      'Somebody has written this since you read it. Nothing of yours was stored, and nothing of theirs was lost.',
    remedy:
      '`currentVersion`, `updatedAt` and `updatedBy` say what stands now, `changed` which fields differ from the version that you have seen. Read it again, apply your change, send the new ETag.',
  },
  'payload-too-large': {
    meaning: 'The body is larger than this server takes.',
    remedy: 'Send less. The limit is a setting of the installation (`BODY_BYTES_MAX`).',
  },
  'uri-too-long': {
    meaning: 'The address or a part of it is too long.',
    remedy: 'Shorten it: slugs have at most 120 characters, cursors are to be sent as they were given.',
  },
  'unsupported-media-type': {
    meaning: 'The body is in a format that this address does not take.',
    remedy:
      'Send `application/json`; for PATCH also `application/merge-patch+json` or `application/json-patch+json`. See `Accept-Post` and `Accept-Patch`.',
  },
  'validation-failed': {
    meaning: 'The body is JSON, but some of its fields are not valid. Nothing was stored.',
    remedy: '`errors` has all of them, each with a JSON Pointer to its place and with what would be right.',
  },
  'version-required': {
    meaning:
      'Writing something that exists needs to say which version you have seen, so that nobody overwrites anybody.',
    remedy:
      'Read it, and send its ETag as `If-Match`. `If-Match: *` means whichever version stands. To create an article under an id of your own, send `If-None-Match: *` instead.',
  },
  'headers-too-large': {
    meaning: 'The header fields together are larger than 16 KiB.',
    remedy: 'Send fewer or smaller ones; cookies are not needed here.',
  },
  'internal-error': {
    meaning: 'A fault of the server. It has been logged with the id in `instance`.',
    remedy: 'Try again later; if it stays, tell the administrator the id.',
  },
  unavailable: {
    meaning: 'The server or its database cannot answer for the moment.',
    remedy: 'Wait as long as `Retry-After` says. After a write, read first: it may have been done.',
  },
  'storage-full': {
    meaning: 'There is no room left on the storage. Reading goes on; nothing of this write was stored.',
    remedy: 'The administrator has to make room. Then send it again.',
  },
}
