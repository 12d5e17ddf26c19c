import { EnvironmentError, loadEnvironment } from './load-environment.ts';
import { secretsIn } from './secrets.ts';

const KEYS = { FAX_DOCUMENTS_KEY_ID: 'AKIAEXAMPLE', FAX_DOCUMENTS_SECRET: 'geheim/geheim' };

function problems(env: Record<string, string>): readonly string[] {
  try {
    loadEnvironment([], env);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

describe('F2 where the documents of FAXes lie', () => {
  it.each([
    ['file:///var/lib/faxes', { kind: 'folder', folder: '/var/lib/faxes' }],
    ['file:///a%20b/', { kind: 'folder', folder: '/a b/' }],
    [
      's3://faxes/received/2026?endpoint=http://127.0.0.1:9000&region=tokyo-1',
      {
        kind: 's3',
        endpoint: 'http://127.0.0.1:9000',
        region: 'tokyo-1',
        bucket: 'faxes',
        prefix: 'received/2026/',
      },
    ],
    [
      's3://my.faxes?region=ap-northeast-1',
      {
        kind: 's3',
        endpoint: 'https://s3.ap-northeast-1.amazonaws.com',
        region: 'ap-northeast-1',
        bucket: 'my.faxes',
        prefix: '',
      },
    ],
    [
      's3://faxes/?endpoint=https%3A%2F%2Fs3.example',
      { kind: 's3', endpoint: 'https://s3.example', region: 'us-east-1', bucket: 'faxes', prefix: '' },
    ],
  ])('is read from %s', (url, place) => {
    expect(loadEnvironment([], { ...KEYS, FAX_DOCUMENTS_URL: url }).FAX_DOCUMENTS_URL).toEqual(place);
  });

  it.each([
    ['/var/lib/faxes', 'does not begin with'],
    ['https://s3.example/faxes', 'does not begin with'],
    ['file://faxes', 'host'],
    ['file:///faxes?x', 'behind the folder'],
    ['file:///faxes%2Fother', 'percent-encoded'],
    ['s3://faxes', 'neither an endpoint nor a region'],
    ['s3:///faxes?region=r', 'no name of a bucket'],
    ['s3://Faxes?region=r', 'no name of a bucket'],
    ['s3://faxes:9000/?region=r', 'no name of a bucket'],
    ['s3://faxes/a%2Fb?region=r', 'prefix'],
    ['s3://faxes/a//b?region=r', 'prefix'],
    ['s3://faxes/?region=r&bucket=b', 'parameter other'],
    ['s3://faxes/?region=r#part', 'parameter other'],
    ['s3://faxes/?endpoint=s3.example', 'endpoint is not'],
    ['s3://faxes/?endpoint=https://s3.example/path', 'endpoint is not'],
    ['s3://faxes/?endpoint=https://id:geheim@s3.example', 'endpoint is not'],
    ['s3://faxes/?region=Tokyo', 'region is not'],
  ])('is not %s', (url, why) => {
    expect(problems({ ...KEYS, FAX_DOCUMENTS_URL: url })).toEqual([
      expect.stringMatching(
        new RegExp(`^FAX_DOCUMENTS_URL: holds .*, expected file:///folder, or s3://.* \\(.*${why}`),
      ),
    ]);
  });

  it('never holds who reads them, and does not show it when it does', () => {
    const [problem = '', ...others] = problems({
      ...KEYS,
      FAX_DOCUMENTS_URL: 's3://AKIA:geheim%2F1@faxes?region=r',
    });
    expect(others).toEqual([]);
    expect(problem).toContain('FAX_DOCUMENTS_KEY_ID and FAX_DOCUMENTS_SECRET are for that');
    expect(problem).not.toMatch(/AKIA|geheim/);
  });

  it('needs a key id and a secret for S3, both or none for a folder', () => {
    const missing = (env: Record<string, string>): string[] =>
      problems(env).map((one) => one.split(':')[0] ?? '');
    const s3 = { FAX_DOCUMENTS_URL: 's3://faxes?region=r' };
    expect(missing(s3)).toEqual(['FAX_DOCUMENTS_KEY_ID', 'FAX_DOCUMENTS_SECRET']);
    expect(missing({ ...s3, FAX_DOCUMENTS_KEY_ID: 'id' })).toEqual(['FAX_DOCUMENTS_SECRET']);
    expect(missing({ FAX_DOCUMENTS_URL: 'file:///faxes' })).toEqual([]);
    expect(missing({ FAX_DOCUMENTS_SECRET: 'x' })).toEqual(['FAX_DOCUMENTS_KEY_ID']);
  });

  it('keeps both from every log, also when they come from files', () => {
    const read = (path: string): string => `from ${path}\n`;
    const files = { FAX_DOCUMENTS_KEY_ID_FILE: '/run/id', FAX_DOCUMENTS_SECRET_FILE: '/run/secret' };
    const environment = loadEnvironment([], { FAX_DOCUMENTS_URL: 's3://faxes?region=r', ...files }, read);
    expect(environment).toMatchObject({
      FAX_DOCUMENTS_KEY_ID: 'from /run/id',
      FAX_DOCUMENTS_SECRET: 'from /run/secret',
    });
    expect(secretsIn(environment)).toEqual(['from /run/id', 'from /run/secret']);
  });
});
