import { randomUUID } from 'node:crypto';
import selfsigned from 'selfsigned';

/** A key and a certificate for a host's name that nobody else signed, in PEM. */
export async function certificate(name: string): Promise<{ key: string; cert: string }> {
  // Each has a subject of its own: the files of a run trust theirs in one process, and are looked up by that.
  const subject = [{ name: 'commonName', value: randomUUID() }];
  const { private: key, cert } = await selfsigned.generate(subject, {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
    ],
  });
  return { key, cert };
}
