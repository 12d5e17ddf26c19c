export type { FaxDocument, FaxDocuments } from './fax-documents.ts';
export { FaxDocumentsError } from './fax-documents-error.ts';
export { openFaxDocuments } from './open-fax-documents.ts';
