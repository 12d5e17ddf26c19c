import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CommanderError } from 'commander';
import {
  decode,
  encodeEvent,
  encodeTombstone,
  type DecodeResult,
  type EncodedEvent,
  type EventData,
  type RawRecord,
} from '#events';
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

  it('publishes what is wrong only when it shall go as it is, for a dead letter to look at', async () => {
    const wrong = 'call --called-number 0312345679 --outcome engaged --id c-1'.split(' ');
    expect((await run(wrong)).published).toEqual([]);
    const { published, decoded, printed } = await run([...wrong, '--as-it-is']);
    expect(printed).toEqual(['call.v1 c-1 → call-events, key 0312345679']);
    expect(published[0]?.headers).toMatchObject({ ce_id: 'c-1', ce_source: '/switch/simulated' });
    expect(decoded).toMatchObject([{ ok: false, problems: [{ path: 'data.outcome' }] }]);
    const fine = await run('fault --line-number 0312345678 --fault-id f --as-it-is'.split(' '));
    expect(fine.decoded).toMatchObject([{ ok: true, event: { kind: 'fault', lineNumber: '0312345678' } }]);
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
  const envelope = { source: 's', id: 'b', time: NOW };
  const received = { partition: 2, offset: '9', timestamp: NOW };
  const at = '2026-11-21T01:00:00Z';
  const heard = async (...records: RawRecord[]): Promise<string[]> =>
    (await run(['listen'], records)).printed;

  const warp: EventData<'voice-warp.v1'> = {
    number: '0312345679',
    enabled: true,
    condition: 'no-answer',
    ringSeconds: 20,
    destinations: [null, '09012345678', null, null],
    destination: 2,
    select: { mode: 'ring-listed', callers: ['0698765432', '+14155550100'] },
  };
  const saysWarp = (sequence: number, change: Partial<typeof warp> = {}): RawRecord => ({
    ...encodeEvent({
      ...envelope,
      type: 'voice-warp.v1',
      key: warp.number,
      sequence,
      data: { ...warp, ...change },
    }),
    ...received,
  });
  const saysDestinations = (count: number): RawRecord => {
    const numbers = Array.from({ length: count }, (_, index) => `031234567${index}`);
    const data = {
      lineNumber: '0312345678',
      destinations: Object.fromEntries(numbers.map((number) => [number, '0698765432'])),
    };
    const event = { ...envelope, type: 'bulk-transfer-settings.v1', key: '0312345678', sequence: 1, data };
    return { ...encodeEvent({ ...event, type: 'bulk-transfer-settings.v1' }), ...received };
  };

  it('V3 prints the Voice Warp of a number as it now is', async () => {
    expect(
      await heard(
        saysWarp(1),
        saysWarp(2, { condition: 'no-answer-or-busy', select: { mode: 'off', callers: [] } }),
        saysWarp(3, { enabled: false }),
        saysWarp(2),
      ),
    ).toEqual([
      'Voice Warp of 0312345679: on, no-answer after 20 s to 09012345678, ring-listed 0698765432 +14155550100',
      'Voice Warp of 0312345679: on, no-answer-or-busy after 20 s to 09012345678',
      'Voice Warp of 0312345679: off',
      'Voice Warp of 0312345679: on, no-answer after 20 s to 09012345678, ring-listed 0698765432 +14155550100 (older than what is known)',
    ]);
  });

  it('V2 prints the destinations of a line, not all of very many', async () => {
    expect(await heard(saysDestinations(0), saysDestinations(1), saysDestinations(6))).toEqual([
      'bulk transfer of 0312345678: no destination',
      'bulk transfer of 0312345678: 0312345670 to 0698765432',
      'bulk transfer of 0312345678: 0312345670 to 0698765432, 0312345671 to 0698765432, ' +
        '0312345672 to 0698765432, 0312345673 to 0698765432, and 2 more',
    ]);
  });

  it('V5 prints that there is nothing to know any more', async () => {
    const gone = (type: 'voice-warp.v1' | 'bulk-transfer-settings.v1'): RawRecord => ({
      ...encodeTombstone({ ...envelope, type, key: '0312345679', sequence: 4 }),
      ...received,
    });
    expect(await heard(gone('voice-warp.v1'), gone('bulk-transfer-settings.v1'))).toEqual([
      'Voice Warp of 0312345679: removed',
      'bulk transfer of 0312345679: removed',
    ]);
  });

  it('R3 V4 prints the commands, and never a password', async () => {
    const start = { lineNumber: '0312345678', action: 'start', because: 'flt-7', at } as const;
    const sealed = `v1.k1.${'A'.repeat(16)}.AAAA.${'A'.repeat(22)}`;
    const password = { number: '05012345678', at, effectiveAt: '2026-11-21T01:15:00Z', sealed };
    const printed = await heard(
      { ...encodeEvent({ ...envelope, type: 'bulk-transfer.v1', key: null, data: start }), ...received },
      {
        ...encodeEvent({ ...envelope, type: 'ip-phone-password.v1', key: null, data: password }),
        ...received,
      },
    );
    expect(printed).toEqual([
      '2026-11-21T10:00:00+09:00 start bulk transfer of 0312345678 because of flt-7',
      '2026-11-21T10:00:00+09:00 new IP phone password of 05012345678 from 2026-11-21T10:15:00+09:00',
    ]);
  });

  it('says what is wrong with a record, and goes on', async () => {
    const wrong = { ...saysWarp(1), value: Buffer.from('?') };
    const [complaint, next] = await heard(wrong, saysWarp(2, { enabled: false }));
    expect(complaint).toMatch(/^offset 9 of partition 2 of switch-settings: value: expected JSON/);
    expect(next).toBe('Voice Warp of 0312345679: off');
  });
});
