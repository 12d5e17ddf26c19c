const VARIABLE = 'NODE_EXTRA_CA_CERTS';
const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;

/**
 * What is wrong with the file of certificate authorities that Node.js trusts in addition; `undefined` when nothing is, or
 * none is named. Node.js itself only warns, and then trusts none of them.
 */
export function extraAuthoritiesProblem(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): string | undefined {
  const path = env[VARIABLE];
  if (path === undefined || path === '') return undefined;
  const holds = `${VARIABLE}: holds ${JSON.stringify(path)}, expected a file of certificates in PEM`;
  try {
    return CERTIFICATE.test(readFile(path)) ? undefined : `${holds} (there is none in it)`;
  } catch {
    return `${holds} (it cannot be read)`;
  }
}
