import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SECRETS_FILE, secretsFoundIn, secretsInLogs } from './run-secrets.ts';

const SECRET = 'pa55/word+1';

describe('the search of a run for its secrets', () => {
  it.each([
    ['as it is', SECRET],
    ['percent-encoded', encodeURIComponent(SECRET)],
    ['in a login in base64', Buffer.from(`\0user\0${SECRET}`).toString('base64')],
    ['in a document in base64url', Buffer.from(`{"password":"${SECRET}"}`).toString('base64url')],
  ])('finds a secret %s without printing it', (_, form) => {
    const found = secretsFoundIn(`one\n{"msg":"AUTH ${form} refused"}\nthree`, [SECRET, 'another-secret']);
    expect(found).toEqual([expect.stringMatching(/^pa… in: \{"msg":"AUTH .*\*\*\*/)]);
    expect(found.join()).not.toContain(form);
  });

  it('searches every log in a folder', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'run-secrets-'));
    try {
      await writeFile(path.join(folder, SECRETS_FILE), `${JSON.stringify(SECRET)}\n"27182818"\n`);
      await writeFile(path.join(folder, '1.log'), 'nothing\n');
      await writeFile(path.join(folder, '2.log'), `a ${SECRET}\n`);
      await writeFile(path.join(folder, '3.log'), 'b 27182818\n');
      expect((await secretsInLogs(folder)).map((one) => one.slice(0, 9))).toEqual(['2.log: pa', '3.log: 27']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('fails without a list of secrets, because it would never find any', async () => {
    await expect(secretsInLogs(path.join(tmpdir(), 'not-there'))).rejects.toThrow('ENOENT');
  });
});
