import selfsigned from 'selfsigned';

/** A key and a certificate for a host's name that nobody else signed, in PEM. */
export async function certificate(name: string): Promise<{ key: string; cert: string }> {
  const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: name }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
    ],
  });
  return { key, cert };
}
