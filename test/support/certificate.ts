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

/** A certificate authority. */
export interface Authority {
  readonly cert: string;
  /** Signs a certificate for a host name, valid for a year, or for no longer than until `until`. */
  issue(name: string, until?: Date): Promise<Certificate>;
}

const DAY_MS = 86_400_000;

/** Makes a certificate authority that nobody trusts yet. */
export async function createAuthority(): Promise<Authority> {
  const { key, cert } = await certificate('authority.example');
  return {
    cert,
    issue: async (name, until) => {
      const signed = await selfsigned.generate([{ name: 'commonName', value: randomUUID() }], {
        algorithm: 'sha256',
        ca: { key, cert },
        notBeforeDate: new Date(Date.now() - 2 * DAY_MS),
        notAfterDate: until ?? new Date(Date.now() + 365 * DAY_MS),
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
        ],
      });
      return { key: signed.private, cert: signed.cert };
    },
  };
}
