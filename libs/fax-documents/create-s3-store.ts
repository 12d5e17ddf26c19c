import { AwsClient } from 'aws4fetch';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { FaxDocument, FaxDocuments } from './fax-documents.ts';
import { FaxDocumentsError } from './fax-documents-error.ts';

/** A bucket, or a part of it. */
export interface S3Bucket {
  /** The server's origin. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** The beginning of every key: empty, or with a `/` at its end. */
  readonly prefix: string;
}

/** Who asks: an access key. */
export interface S3Key {
  readonly keyId: string;
  readonly secret: string;
}

/** How long a server may take to begin its answer. A person waits for it. */
const ANSWER_MS = 10_000;

/**
 * Documents as objects of a bucket of S3, or of a server that speaks its protocol; the bucket stands in the path. Names
 * have been checked.
 */
export function createS3Store(
  { endpoint, region, bucket, prefix }: S3Bucket,
  { keyId: accessKeyId, secret: secretAccessKey }: S3Key,
  answerMs = ANSWER_MS,
): FaxDocuments {
  // Nothing is tried again: a person may, and waits no longer than for one answer.
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  /** The answer, `undefined` for a missing object. What is not read of it in time is cut off, errors' texts too. */
  const ask = async (name: string, init: RequestInit): Promise<Response | undefined> => {
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), answerMs);
    const how = { ...init, redirect: 'error', signal: waiting.signal } as const;
    try {
      const answer = await client.fetch(`${endpoint}/${bucket}/${prefix}${name}`, how);
      return answer.ok ? answer : await refused(answer);
    } catch (cause) {
      if (cause instanceof FaxDocumentsError) throw cause;
      throw new FaxDocumentsError('FAX_STORE_UNAVAILABLE', 'The S3 server does not answer', cause);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    async open(name) {
      const answer = await ask(name, { method: 'GET' });
      return answer && documentOf(answer);
    },
    async put(name, pdf) {
      const headers = { 'content-type': 'application/pdf' };
      const answer = await ask(name, { method: 'PUT', headers, body: new Uint8Array(pdf) });
      await answer?.body?.cancel();
    },
  };
}

function documentOf({ body, headers }: Response): FaxDocument {
  const length = headers.get('content-length');
  return {
    ...(length !== null && { bytes: Number(length) }),
    stream: body === null ? Readable.from([]) : Readable.fromWeb(body as ReadableStream),
  };
}

/** Resolves for a missing object alone: a missing bucket has the same status, and is our mistake. */
async function refused(answer: Response): Promise<undefined> {
  const { status } = answer;
  // Such as `NoSuchKey`, in S3's error document.
  const code = /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1] ?? '';
  if (code === 'NoSuchKey') return undefined;
  const what = status >= 500 || status === 429 ? 'FAX_STORE_UNAVAILABLE' : 'FAX_STORE_REFUSES';
  throw new FaxDocumentsError(what, `The S3 server answers ${status} ${code}`.trimEnd());
}
