import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldErrors, sentence } from './sentences.ts';

const RULES = join(import.meta.dirname, '../../../../libs/rules');
/** What only a program can get wrong: no form sends it. */
const FOR_PROGRAMS = ['brand-unknown', 'custom', 'line-service', 'type', 'unknown-field'];

describe('the sentences', () => {
  const sources = globSync('*.ts', { cwd: RULES, exclude: ['*.spec.ts'] });
  const codes = new Set(
    sources.flatMap((file) =>
      Array.from(
        readFileSync(join(RULES, file), 'utf8').matchAll(/(?:\bcode: |\bwrong\(\s*)'([a-z-]+)'/g),
        ([, code = '']) => code,
      ),
    ),
  );
  const unknown = sentence('no such code');

  it.each([...codes].filter((code) => !FOR_PROGRAMS.includes(code)))('have one for %s', (code) => {
    expect(sentence(code)).not.toBe(unknown);
    // Politely, what is wrong or what to do, to its end.
    expect(sentence(code)).toMatch(/(ください|ません|です|ます)。$/);
  });

  it('are known for codes that the rules have', () => {
    expect([...codes]).toEqual(
      expect.arrayContaining(['number-international', 'address-no-at', 'duplicate']),
    );
  });

  it('go to the field that shows the path, the first one where several are wrong', () => {
    const problems = [
      { path: 'recipients.0.address', code: 'local-dot-first', message: '' },
      { path: 'recipients.0.address', code: 'local-two-dots', message: '' },
      { path: '', code: 'too-many', message: '' },
    ];
    expect(fieldErrors(problems, (path) => (path === '' ? '' : 'address1'))).toEqual({
      address1: sentence('local-dot-first'),
      '': sentence('too-many'),
    });
  });
});
