import { extraAuthoritiesProblem } from './extra-authorities.ts';
import { loadEnvironment } from './load-environment.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';
const files: Readonly<Record<string, string>> = {
  '/ca.pem': PEM,
  '/key.pem': '-----BEGIN PRIVATE KEY-----\n',
};
const readFile = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw new Error('ENOENT');
  return text;
};

describe('the file of NODE_EXTRA_CA_CERTS', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['/ca.pem', undefined],
    ['/key.pem', 'there is none in it'],
    ['/gone.pem', 'it cannot be read'],
  ])('%s: %s', (NODE_EXTRA_CA_CERTS, problem) => {
    const said = extraAuthoritiesProblem({ NODE_EXTRA_CA_CERTS }, readFile);
    if (problem === undefined) expect(said).toBeUndefined();
    else
      expect(said).toBe(
        `NODE_EXTRA_CA_CERTS: holds "${NODE_EXTRA_CA_CERTS}", expected a file of certificates in PEM (${problem})`,
      );
  });

  it('that Node.js would pass over is an error of the environment', () => {
    const env = { NODE_EXTRA_CA_CERTS: '/gone.pem' };
    expect(() => loadEnvironment([], env, readFile)).toThrow(/^NODE_EXTRA_CA_CERTS: holds/);
  });
});
