import type { OutgoingHttpHeaders } from 'node:http';

/** A form with a file as a browser sends it: the body, and the header that goes with it. */
export interface UploadForm {
  readonly body: Buffer;
  readonly headers: OutgoingHttpHeaders;
}

const BOUNDARY = '----denwa-notify-test';

/** Puts a file into the field `file`; whatever its name is. Without bytes no file was chosen. */
export function uploadForm(bytes: Uint8Array | string = '', name = 'a.csv'): UploadForm {
  const filename = bytes.length === 0 ? '' : name;
  const body = Buffer.concat([
    Buffer.from(
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="${filename}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
    ),
    Buffer.from(bytes),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` } };
}
