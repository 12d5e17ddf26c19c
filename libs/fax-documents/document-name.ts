/**
 * What a document's id may be: it comes out of an event, and becomes a name in a folder and a part of a URL, so nothing
 * that either could read as more than a name.
 */
const DOCUMENT_ID = /^(?!\.+$)[A-Za-z0-9._-]{1,200}$/;

/** Windows has devices of these names in every folder, whatever stands behind a dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** The name of a document in its store; `undefined` for an id that no document can have. */
export function documentName(documentId: string): string | undefined {
  return DOCUMENT_ID.test(documentId) && !DEVICE.test(documentId) ? `${documentId}.pdf` : undefined;
}
