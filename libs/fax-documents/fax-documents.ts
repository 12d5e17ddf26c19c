import type { Readable } from 'node:stream';

/** A document as it comes out of its store. */
export interface FaxDocument {
  /** Its length in bytes. Absent when the store does not say it. */
  readonly bytes?: number;
  /** Whoever opened the document reads it to its end, or destroys it. An error means that the rest is missing. */
  readonly stream: Readable;
}

/** The store of received FAXes' documents (F2): each is a PDF, called `<documentId>.pdf`. */
export interface FaxDocuments {
  /**
   * Opens a document; `undefined` when it is not there, or when no document can have this id. Rejects with a
   * `FaxDocumentsError`.
   */
  open(documentId: string): Promise<FaxDocument | undefined>;
  /** Stores a document, whole or not at all. Rejects with a `FaxDocumentsError`. */
  put(documentId: string, pdf: Uint8Array): Promise<void>;
}
