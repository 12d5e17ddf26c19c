import { createFolderStore } from './create-folder-store.ts';
import { createS3Store, type S3Bucket } from './create-s3-store.ts';
import { documentName } from './document-name.ts';
import type { FaxDocuments } from './fax-documents.ts';
import { FaxDocumentsError } from './fax-documents-error.ts';

/** What the environment says of the store: where it is, and for S3 who asks. Checked as a whole at start. */
export interface FaxDocumentsVariables {
  readonly FAX_DOCUMENTS_URL?:
    { readonly kind: 'folder'; readonly folder: string } | ({ readonly kind: 's3' } & S3Bucket) | undefined;
  readonly FAX_DOCUMENTS_KEY_ID?: string | undefined;
  readonly FAX_DOCUMENTS_SECRET?: string | undefined;
}

/**
 * Opens the store of received FAXes' documents; `undefined` where none is set up. Ids are checked here, for every store
 * alike: an event's id reaches neither a path nor a URL unless it is a plain name.
 */
export function openFaxDocuments(
  variables: FaxDocumentsVariables & { readonly FAX_DOCUMENTS_URL: object },
): FaxDocuments;
export function openFaxDocuments(variables: FaxDocumentsVariables): FaxDocuments | undefined;
export function openFaxDocuments(variables: FaxDocumentsVariables): FaxDocuments | undefined {
  const store = storeOf(variables);
  return (
    store && {
      open: async (documentId) => {
        const name = documentName(documentId);
        return name === undefined ? undefined : store.open(name);
      },
      put: async (documentId, pdf) => {
        const name = documentName(documentId);
        if (name === undefined) throw new FaxDocumentsError('FAX_DOCUMENT_ID', NO_ID);
        await store.put(name, pdf);
      },
    }
  );
}

const NO_ID =
  'No FAX document can have this id: expected letters, digits, dots, underscores and hyphens, at most 200';

function storeOf({
  FAX_DOCUMENTS_URL: place,
  FAX_DOCUMENTS_KEY_ID: keyId = '',
  FAX_DOCUMENTS_SECRET: secret = '',
}: FaxDocumentsVariables): FaxDocuments | undefined {
  if (place?.kind === 's3') return createS3Store(place, { keyId, secret });
  return place && createFolderStore(place.folder);
}
