import { randomUUID } from 'node:crypto';
import selfsigned from 'selfsigned';

/** A private key and its certificate, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Makes a self-signed certificate for a host name. */
export async function certificate(name: string): Promise<Certificate> {
  // Each subject is unique: the spec files of a run share one process and its trust store, which looks up by subject.
  const subject = [{ name: 'commonName', value: randomUUID() }];
  const { private: key, cert } = await selfsigned.generate(subject, {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
    ],
  });
  return { key, cert };
}
