import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { someWrittenLine, someWrittenNumber } from '../../libs/redis/testing/some-documents.ts';
import { runProgram } from '../../tools/stack/run-program.ts';
import { closeLater } from '../support/close-later.ts';
import { unpackRelease } from './unpack-release.ts';

/** Runs in the release's folder. */
const READ = `
import { parseLine, parseNumber } from './dist/libs/redis/settings/documents.js';
import { readFileSync } from 'node:fs';
const { numbers, lines } = JSON.parse(readFileSync('texts.json', 'utf8'));
process.stdout.write(JSON.stringify({
  numbers: numbers.map((text) => parseNumber(text, '0312345679')),
  lines: lines.map((text) => parseLine(text, '0312345678')),
}));
`;

describe('the last release', () => {
  it('reads the settings that this one stores as they are, whatever is set', async () => {
    const { root, remove } = await unpackRelease();
    closeLater(remove);
    const numbers = fc.sample(someWrittenNumber, 500);
    const lines = fc.sample(someWrittenLine, 500);
    const texts = { numbers: numbers.map(({ text }) => text), lines: lines.map(({ text }) => text) };
    await writeFile(path.join(root, 'texts.json'), JSON.stringify(texts));
    await writeFile(path.join(root, 'read.js'), READ);
    const read = await runProgram(process.execPath, ['read.js'], { cwd: root });
    expect(JSON.parse(read)).toEqual({
      numbers: numbers.map(({ document }) => document),
      lines: lines.map(({ document }) => document),
    });
  });
});
