import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { KafkajsInternals, PATCHED_VERSION } from './kafkajs-internals.ts';

const GROUP = 'module.exports = class { fetch() {} }; module.exports.Error = class {};';

/** A kafkajs of that version with the given modules; removed after the test. */
async function installed(version: string, modules: Record<string, string> = {}): Promise<NodeJS.Require> {
  const root = await mkdtemp(join(tmpdir(), 'kafkajs-'));
  directories.push(root);
  const files = { 'package.json': JSON.stringify({ name: 'kafkajs', version }), ...modules };
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, 'node_modules', 'kafkajs', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return createRequire(join(root, 'index.js'));
}

const directories: string[] = [];

afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

describe('KafkajsInternals', () => {
  it.each(['2.2.5', '2.2.4-beta.1', '3.0.0'])(
    'refuses kafkajs %s, and says what was found, what was expected and what to do',
    async (version) => {
      const found = await installed(version);
      expect(() => new KafkajsInternals(found)).toThrow(
        new RegExp(
          `^kafkajs ${version} is installed.* patched as version 2\\.2\\.4\\. Install kafkajs 2\\.2\\.4.*adr/0022`,
        ),
      );
    },
  );

  it('hands out a module that has the functions that are to be patched', async () => {
    const found = await installed(PATCHED_VERSION, { 'src/group.js': GROUP });
    const internals = new KafkajsInternals(found);
    expect(internals.load('group.js', ['', 'Error', 'prototype.fetch'])).toHaveProperty('Error');
  });

  it.each([
    ['prototype.joinAndSync', 'expected a function prototype.joinAndSync'],
    ['prototype.fetch.more', 'expected a function prototype.fetch.more'],
    ['Missing', 'expected a function Missing'],
  ])('refuses a module that lacks %s', async (name, why) => {
    const found = await installed(PATCHED_VERSION, { 'src/group.js': GROUP });
    const internals = new KafkajsInternals(found);
    expect(() => internals.load('group.js', ['prototype.fetch', name])).toThrow(
      `kafkajs 2.2.4 cannot be patched: kafkajs/src/group.js: ${why}. Install kafkajs 2.2.4`,
    );
  });

  it('replaces a function that a module exports for those that load it later', async () => {
    const modules = {
      'src/decode.js': 'module.exports = () => "theirs";',
      'src/fetch.js': 'module.exports = require("./decode.js");',
    };
    const found = await installed(PATCHED_VERSION, modules);
    new KafkajsInternals(found).replace('decode.js', () => 'ours', ['fetch.js']);
    expect((found('kafkajs/src/fetch.js') as () => string)()).toBe('ours');
  });

  it('refuses to replace what a caller has loaded already, or what is no function', async () => {
    const modules = {
      'src/decode.js': 'module.exports = () => "theirs";',
      'src/fetch.js': 'module.exports = require("./decode.js");',
    };
    const found = await installed(PATCHED_VERSION, modules);
    found('kafkajs/src/fetch.js');
    const internals = new KafkajsInternals(found);
    expect(() => internals.replace('decode.js', () => 'ours', ['fetch.js'])).toThrow(
      'kafkajs/src/fetch.js: it was loaded before decode.js could be replaced',
    );
    const other = await installed(PATCHED_VERSION, { 'src/decode.js': 'module.exports = { decode() {} };' });
    expect(() => new KafkajsInternals(other).replace('decode.js', () => 'ours', [])).toThrow(
      'kafkajs/src/decode.js: expected a function as its export',
    );
  });

  it('ends a process that has another kafkajs before it can make a client', async () => {
    const program = `
      const { createRequire } = await import('node:module');
      createRequire(process.cwd() + '/')('kafkajs/package.json').version = '2.3.0';
      await import('#kafka');
      console.log('went on');`;
    const args = ['--conditions=source', '--input-type=module', '-e', program];
    const run = promisify(execFile)(process.execPath, args);
    await expect(run).rejects.toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('kafkajs 2.3.0 is installed'),
    });
  });
});
