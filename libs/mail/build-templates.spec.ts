import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTemplates, TEMPLATES_DIR } from './build-templates.ts';
import { MAIL_KINDS } from './mail-kind.ts';
import { loadTemplates } from './compose/templates.ts';

let dir: string;
let sources: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'templates-'));
  sources = join(dir, 'sources');
  cpSync(TEMPLATES_DIR, sources, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

function edit(file: string, search: string, replacement: string): void {
  const content = readFileSync(join(sources, file), 'utf8');
  expect(content).toContain(search);
  writeFileSync(join(sources, file), content.replace(search, replacement));
}

const build = (): Promise<void> => buildTemplates(join(dir, 'out'), sources);

describe('building the templates', () => {
  it('leaves two files of each kind that the program can load', async () => {
    await build();
    expect(readdirSync(join(dir, 'out')).toSorted()).toEqual(
      [...MAIL_KINDS.flatMap((kind) => [`${kind}.html`, `${kind}.txt`]), 'sources.sha256'].toSorted(),
    );
    expect(Object.keys(loadTemplates(join(dir, 'out')))).toEqual([...MAIL_KINDS]);
    expect(readFileSync(join(dir, 'out', 'call.html'), 'utf8')).not.toMatch(/\{\{>|\n/);
  }, 30_000);

  it('sends no rule and no class that a kind does not need, and every style inline', async () => {
    await build();
    const [call = '', test = ''] = ['call', 'test'].map((kind) =>
      readFileSync(join(dir, 'out', `${kind}.html`), 'utf8'),
    );
    expect(call).toContain('.button{');
    expect(call).not.toContain('.bad{');
    expect(test).not.toContain('.button{');
    expect(call).toMatch(/<b class=warn style="display:inline-block;[^"]*color:#664200">/);
  }, 30_000);

  it.each([
    [
      'call/mail.html',
      '{{headline}}',
      '{{pages}}',
      /call\/mail\.html: this kind has no pages; it has .*headline/,
    ],
    ['call/mail.txt', '{{state}}', '{{status}}', /call\/mail\.txt: this kind has no status/],
    ['fax/mail.txt', '（{{number}}）', '（{{faxNumber}}）', /fax\/mail\.txt: this kind has no faxNumber/],
    ['fault/mail.html', '{{moment}}', '{{#if never}}{{ghost}}{{/if}}', /this kind has no never, ghost/],
    ['test/mail.html', '{{> foot}}', '{{> fot}}', /fot\.html/],
    ['test/mail.txt', 'Subject: ', 'Betreff: ', /expected `Subject: …`/],
    [
      'test/mail.html',
      '</h1>',
      `</h1>${'長'.repeat(6_000)}`,
      /test: a sample's HTML has \d+ bytes; expected at most/,
    ],
  ])(
    'fails for %s when %s is %s',
    async (file, search, replacement, message) => {
      edit(file, search, replacement);
      await expect(build()).rejects.toThrow(message);
    },
    30_000,
  );

  it('fails for a helper that is none of if, unless and each', async () => {
    appendFileSync(join(sources, 'test', 'mail.txt'), '{{lookup footer 0}}');
    await expect(build()).rejects.toThrow(/test\/mail\.txt: this kind has no lookup/);
  }, 30_000);
});
