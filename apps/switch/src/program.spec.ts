import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CommanderError } from 'commander';
import { decode, encodeEvent, type DecodeResult, type EncodedEvent, type RawRecord } from '#events';
import { createProgram } from './program.ts';

const NOW = Date.parse('2026-11-21T10:00:00+09:00');

interface Run {
  readonly published: EncodedEvent[];
  readonly decoded: DecodeResult[];
  readonly printed: string[];
  readonly complained: string;
  readonly error: unknown;
}

/** Runs a command line against a Kafka in memory. */
async function run(args: readonly string[], commands: readonly RawRecord[] = []): Promise<Run> {
  const published: EncodedEvent[] = [];
  const printed: string[] = [];
  const complaints: string[] = [];
  const program = createProgram({
    publish: (events) => Promise.resolve(void published.push(...events)),
    follow: (onRecord) => Promise.resolve(commands.forEach(onRecord)),
    print: (line) => void printed.push(line),
    now: () => NOW,
    signal: new AbortController().signal,
  });
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ writeErr: (text) => void complaints.push(text), writeOut: () => undefined });
  }
  const error: unknown = await program.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const decoded = published.map((event) => decode({ partition: 0, offset: '0', timestamp: NOW, ...event }));
  return { published, decoded, printed, complained: complaints.join(''), error };
}

describe('switch call, fax, fault, recovery', () => {
  it('publishes a call, from its number alone', async () => {
    const { decoded, published, printed } = await run([
      'call',
      '--called-number',
      '0312345679',
      '--id',
      'c-1',
    ]);
    expect(decoded).toEqual([
      {
        ok: true,
        event: {
          kind: 'call',
          source: '/switch/simulated',
          id: 'c-1',
          at: NOW,
          lineNumber: '0312345679',
          calledNumber: '0312345679',
          caller: { number: '09012345678' },
          ringSeconds: 12,
          outcome: 'unanswered',
        },
      },
    ]);
    expect(published[0]?.key?.toString()).toBe('0312345679');
    expect(printed).toEqual(['call.v1 c-1 → call-events, key 0312345679']);
  });

  it('publishes a call with every flag', async () => {
    const flags =
      '--called-number 0312345679 --line-number 0312345678 --withheld P --started-at 2026-11-21T09:00:00+09:00 ' +
      '--ring-seconds 0 --outcome forwarded --refused-by number-request --forwarding destination-busy --source /s';
    expect((await run(['call', ...flags.split(' ')])).decoded).toMatchObject([
      {
        event: {
          source: '/s',
          lineNumber: '0312345678',
          caller: { withheld: 'P' },
          at: NOW - 3_600_000,
          ringSeconds: 0,
          outcome: 'forwarded',
          refusedBy: 'number-request',
          forwarding: 'destination-busy',
        },
      },
    ]);
  });

  it('publishes a FAX, a fault and its recovery', async () => {
    const fax = await run([
      'fax',
      '--called-number',
      '0312345679',
      '--sender',
      '+14155550100',
      '--broken-off',
    ]);
    expect(fax.decoded).toMatchObject([
      { event: { kind: 'fax', sender: { number: '+14155550100' }, pages: 1, complete: false } },
    ]);
    const fault = ['--line-number', '0312345678', '--fault-id', 'flt-1'];
    expect((await run(['fault', ...fault, '--numbers', '0312345678', '0312345679'])).decoded).toMatchObject([
      { event: { kind: 'fault', faultId: 'flt-1', numbers: ['0312345678', '0312345679'] } },
    ]);
    expect((await run(['recovery', ...fault])).decoded).toMatchObject([
      { event: { kind: 'recovery', at: NOW } },
    ]);
  });

  it.each([
    ['call', '', "required option '--called-number <number>' not specified"],
    ['call', '--called-number 03-1', '--called-number: expected a telephone number'],
    ['call', '--called-number 03 --caller 09 --withheld P', '--caller: expected one of number and withheld'],
    ['call', '--called-number 03 --withheld X', '--withheld: expected one of "P"|"C"|"O"|"S"'],
    ['call', '--called-number 03 --ring-seconds long', '--ring-seconds: expected number'],
    ['call', '--called-number 03 --started-at noon', '--started-at: expected a time as RFC 3339'],
    ['call', '--called-number 03 --id ', '--id: expected 1 to 1024 characters'],
    ['fax', '--called-number 03 --pages -1', '--pages: expected number to be >=0'],
    ['fault', '--line-number 03 --fault-id f --numbers 03 x', '--numbers: expected a telephone number'],
    ['call', '--called-number 03 --colour red', "unknown option '--colour'"],
    ['dial', '', "unknown command 'dial'"],
  ])('%s %s is wrong usage, and says what was expected', async (command, flags, complaint) => {
    const { error, complained, published } = await run([command, ...(flags === '' ? [] : flags.split(' '))]);
    expect(error).toBeInstanceOf(CommanderError);
    expect(complained).toContain(complaint);
    expect(published).toEqual([]);
  });
});

describe('switch load', () => {
  it('publishes rate × seconds calls over that many numbers, says the total and ends', async () => {
    const { decoded, printed } = await run('load --rate 4000 --seconds 0.1 --numbers 3'.split(' '));
    expect(decoded).toHaveLength(400);
    const lines = decoded.map(
      (result) => result.ok && result.event.kind === 'call' && result.event.lineNumber,
    );
    expect(new Set(lines)).toEqual(new Set(['0310000000', '0310000001', '0310000002']));
    expect(printed).toEqual([expect.stringMatching(/^400 calls acknowledged in \d+\.\d s: \d+ a second$/)]);
  });

  it.each(['--rate 0 --seconds 1 --numbers 1', '--rate 1 --seconds x --numbers 1', '--rate 1 --seconds 1'])(
    'refuses %s',
    async (flags) => {
      expect((await run(['load', ...flags.split(' ')])).error).toBeInstanceOf(CommanderError);
    },
  );
});

describe('switch file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'switch-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const good =
    '{"type":"fault.v1","data":{"lineNumber":"03","faultId":"f","at":"2026-11-21T10:00:00+09:00"}}\n';

  it('publishes every event of a file in its order', async () => {
    const file = path.join(folder, 'good.jsonl');
    writeFileSync(file, good + good.replace('"f"', '"g"'));
    expect((await run(['file', file])).decoded).toMatchObject([
      { event: { faultId: 'f' } },
      { event: { faultId: 'g' } },
    ]);
  });

  it('publishes nothing of a file with a fault, and says where it is', async () => {
    const file = path.join(folder, 'bad.jsonl');
    writeFileSync(file, `${good}{"type":"fault.v1"}\n${good}`);
    const { error, published } = await run(['file', file]);
    expect(error).toEqual(new Error(`${file}: nothing published\nline 2: data: expected an object`));
    expect(published).toEqual([]);
  });
});

describe('switch listen', () => {
  it('R3 prints the commands that come, and what is wrong with one', async () => {
    const data = {
      lineNumber: '0312345678',
      action: 'start',
      because: 'flt-7',
      at: '2026-11-21T01:00:00Z',
    } as const;
    const event = encodeEvent({ type: 'bulk-transfer.v1', source: 's', id: 'b', time: NOW, key: null, data });
    const command = { partition: 2, offset: '9', timestamp: NOW, ...event };
    expect((await run(['listen'], [command, { ...command, value: null }])).printed).toEqual([
      '2026-11-21T10:00:00+09:00 start bulk transfer of 0312345678 because of flt-7',
      'offset 9 of partition 2: value: expected JSON, not a tombstone',
    ]);
  });
});
