import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { NO_ACCOUNT, type Line } from '#access';
import type { FaultEvent, NotifyEvent, Party } from '#events';
import { createSettingsStore } from '#redis';
import {
  decide,
  DEFAULT_DEADLINES,
  wantsTransfer,
  type BulkTransferSettings,
  type CallNotice,
  type FaultNotice,
  type FaxNotice,
  type Recipient,
} from '#rules';
import { openRedis } from '../../integration/redis-for-test.ts';
import { eventually } from '../../support/eventually.ts';
import { formFields } from '../../support/form-fields.ts';
import { collectRecords, createTopics } from '../../support/kafka.ts';
import { startUnready } from '../../support/settings-api.ts';
import {
  EMPTY_DOCUMENTS,
  lacksSomething,
  PARTS,
  placeOf,
  SETTING_SERVICES,
  type Place,
  type SettingService,
} from '../../support/setting-parts.ts';
import { byCsv, bySite, callCell } from '../../support/setting-ways.ts';
import type { SiteBrowser } from '../../support/site-browser.ts';
import { openSiteGround, PASSWORD } from '../../support/site-ground.ts';

const ground = await openSiteGround();
const topic = (name: string): string => `${ground.prefix}${name}`;
await createTopics([topic('notify-outcomes'), topic('fax-events')], 1);
const api = await startUnready(ground.prefix, {});
const told = await collectRecords([topic('switch-settings'), topic('switch-commands')]);
/** What a notifier reads settings with. */
const store = createSettingsStore(await openRedis({ keyPrefix: ground.prefix }));

/** What somebody sets: of which of the two numbers, what is wanted on which page, and how it is written. */
interface Edit {
  readonly part: string;
  readonly at: number;
  readonly wanted: unknown;
  readonly way: 'site' | 'api' | 'csv';
}

/** Parts that are columns of a CSV, too. */
const IN_CSV = /^call-notice|^bulk-transfer\/destinations/;

/** An edit of one of these services; three in four are of the first number, so that they meet. */
const editOf = (services: readonly string[]): fc.Arbitrary<Edit> =>
  fc.oneof(
    ...Object.entries(PARTS)
      .filter(([part]) => services.includes(part.split('/')[0] ?? ''))
      .map(([part, { some }]) =>
        fc.record({
          part: fc.constant(part),
          at: fc.constantFrom(0, 0, 0, 1),
          wanted: some,
          way: fc.constantFrom<Edit['way'][]>(
            'site',
            'api',
            ...(IN_CSV.test(part) ? (['csv'] as const) : []),
          ),
        }),
      ),
  );

/** What has to be stored, by the path that the API has it at. */
type Model = Map<string, object>;

const emptyModel = (line: Line): Model =>
  new Map(
    line.numbers.flatMap((number) =>
      SETTING_SERVICES.map((service) => [placeOf(line, number, service).api, EMPTY_DOCUMENTS[service]]),
    ),
  );

/** Makes an edit; resolves with the status that its way ends with. */
async function write(
  { part, way }: Edit,
  browser: SiteBrowser,
  { line, number, place, after }: { line: Line; number: string; place: Place; after: object },
): Promise<number> {
  if (way === 'api') return (await api.ask('put', place.api).send(after)).status;
  if (way === 'site') {
    const fields = PARTS[part]?.fields(after, line.numbers) ?? {};
    return bySite(browser, `${place.site}/${part.split('/')[1]}`, fields);
  }
  if (place.service === 'call-notice')
    return byCsv(browser, '/services/call-notice/csv', (one, column) =>
      one === number ? callCell(after as CallNotice, column) : undefined,
    );
  const { destinations } = after as BulkTransferSettings;
  return byCsv(browser, '/line/bulk-transfer/csv', (one, column) =>
    column === '電話番号' ? undefined : (destinations[one] ?? ''),
  );
}

/** Whom the calls, FAXes and faults of a line reach now, as a notifier decides it; and whether it forwards. */
async function obeyed({ lineNumber, numbers }: Line, events: readonly NotifyEvent[]): Promise<unknown[]> {
  const [ofNumbers, [ofLine]] = await Promise.all([store.numbers(numbers), store.lines([lineNumber])]);
  if (!ofLine || ofLine instanceof Error) throw new Error('no line is stored', { cause: ofLine });
  const known = {
    numbers: new Map(
      ofNumbers.flatMap((one) => (one && !(one instanceof Error) ? [[one.number, one] as const] : [])),
    ),
    lines: new Map([[lineNumber, ofLine]]),
  };
  return events.map((event) => {
    const { recipients } = decide(event, known, event.at, () => DEFAULT_DEADLINES);
    return isFault(event) ? [recipients, wantsTransfer(event, ofLine)] : recipients;
  });
}

const isFault = (event: NotifyEvent): event is FaultEvent =>
  event.kind === 'fault' || event.kind === 'recovery';

const STRANGER = '0311112222';
const WHO: readonly Party[] = [{ withheld: 'P' }, { number: STRANGER }];

/** Something of every kind happens to a line, and who is to be told of it, by what is set alone. */
function happenings(line: Line, model: Model): (readonly [NotifyEvent, unknown])[] {
  const { lineNumber, numbers } = line;
  const base = { source: '/switch', id: 'e-1', at: Date.UTC(2026, 10, 21, 1), lineNumber };
  const setOf = <T>(number: string, service: SettingService): T =>
    model.get(placeOf(line, number, service).api) as T;
  const ofNumbers = numbers.flatMap((calledNumber) => {
    const call = setOf<CallNotice>(calledNumber, 'call-notice');
    const fax = setOf<FaxNotice>(calledNumber, 'fax-notice');
    const callers = [...WHO, ...call.targetCallers.map(({ number }) => ({ number }))];
    const calls = callers.flatMap((caller) =>
      (['answered', 'unanswered'] as const).map((outcome) => {
        const event = { ...base, kind: 'call', calledNumber, caller, ringSeconds: 9, outcome } as const;
        return [event, isWanted(call, caller, outcome) ? ticked(call.recipients) : []] as const;
      }),
    );
    const sheet = { pages: 1, complete: true, documentId: 'd-1' };
    const event = { ...base, kind: 'fax', calledNumber, sender: { number: STRANGER }, ...sheet } as const;
    return [...calls, [event, fax.enabled ? ticked(fax.recipients) : []] as const];
  });
  const notice = setOf<FaultNotice>(lineNumber, 'fault-notice');
  const mailed = notice.enabled ? ticked(notice.recipients) : [];
  return [
    ...ofNumbers,
    [{ ...base, kind: 'fault', faultId: 'f-1' }, [mailed, notice.enabled && notice.autoStartTransfer]],
    [{ ...base, kind: 'recovery', faultId: 'f-1' }, [mailed, notice.enabled && notice.autoStopTransfer]],
  ];
}

const ticked = (recipients: readonly Recipient[]): string[] =>
  recipients.filter(({ enabled }) => enabled).map(({ address }) => address);

function isWanted(notice: CallNotice, caller: Party, outcome: 'answered' | 'unanswered'): boolean {
  const { enabled, targetCallersOnly, unansweredOnly, targetCallers } = notice;
  const isTarget = targetCallers.some(
    (one) => one.enabled && 'number' in caller && one.number === caller.number,
  );
  return enabled && (!targetCallersOnly || isTarget) && !(unansweredOnly && outcome === 'answered');
}

/** The newest event of a type that the switch has been told of a number or a line. */
function newest(type: string, key: string): Record<string, unknown> | undefined {
  const records = told.filter((record) => record.headers['ce_type'] === type && record.key === key);
  const last = records.toSorted((a, b) => sequenceOf(a.headers) - sequenceOf(b.headers)).at(-1);
  return last && (JSON.parse(last.value ?? '{}') as Record<string, unknown>);
}
const sequenceOf = ({ ce_sequence = '' }: Readonly<Record<string, string>>): number => Number(ce_sequence);

async function enter(): Promise<{ line: Line; browser: SiteBrowser }> {
  const line = await ground.line({ oneTime: { ...NO_ACCOUNT.oneTime, use: false } });
  const browser = ground.browser();
  const { headers } = await browser.post('/login', { number: line.lineNumber, password: PASSWORD });
  expect(headers.location).toBe('/menu');
  return { line, browser };
}

/** What came up: how many edits of each way were saved, how many refused, and how many events became mail. */
const seen = { site: 0, api: 0, csv: 0, refused: 0, mailed: 0 };

/** Makes the edits one after the other; after each, everybody must see what the model says. */
async function play(edits: readonly Edit[]): Promise<void> {
  const { line, browser } = await enter();
  const model = emptyModel(line);
  const changed = new Set<string>();
  for (const edit of edits) {
    const number = line.numbers[edit.at] ?? '';
    const [service = ''] = edit.part.split('/');
    const place = placeOf(line, number, service as SettingService);
    const after = PARTS[edit.part]?.change(model.get(place.api), edit.wanted, line.numbers) as object;
    const status = await write(edit, browser, { line, number, place, after });
    const isRefused = lacksSomething(after);
    expect([edit.way, isRefused ? status === 422 : status < 400 || status]).toEqual([edit.way, true]);
    seen[isRefused ? 'refused' : edit.way] += 1;
    if (!isRefused) {
      changed.add(place.api);
      model.set(place.api, after);
    }
    // What the API reads, of this and of all others.
    const read = await Promise.all([...model.keys()].map((path) => api.ask('get', path)));
    expect(read.map(({ body }) => body as unknown)).toEqual([...model.values()]);
    // What the page shows.
    const shown = formFields((await browser.get(`${place.site}/${edit.part.split('/')[1]}`)).text);
    const fields = Object.entries(shown).filter(([name, value]) => name !== 'version' && value !== '');
    expect(Object.fromEntries(fields)).toEqual(PARTS[edit.part]?.fields(model.get(place.api), line.numbers));
    // What the very next event obeys.
    const events = happenings(line, model);
    const met = await obeyed(
      line,
      events.map(([event]) => event),
    );
    expect(met).toEqual(events.map(([, expected]) => expected));
    seen.mailed += met.flat(2).filter((one) => typeof one === 'string').length;
  }
  await eventually(() => toldAll(model, changed));
}

/** Whether the switch knows what is set of what it forwards (V5). */
function toldAll(model: Model, changed: ReadonlySet<string>): boolean {
  return [...changed].every((path) => {
    const [, , , key = '', service] = path.split('/');
    const document = model.get(path) ?? {};
    if (service === 'voice-warp')
      return isDeepStrictEqual(newest('voice-warp.v1', key), { number: key, ...document });
    if (service !== 'bulk-transfer') return true;
    const { enabled, destinations } = document as BulkTransferSettings;
    const { action = 'stop' } = newest('bulk-transfer.v1', key) ?? {};
    const settings = newest('bulk-transfer-settings.v1', key);
    return isDeepStrictEqual(
      [settings, action],
      [{ lineNumber: key, destinations }, enabled ? 'start' : 'stop'],
    );
  });
}

describe('V1 V2 V3 what is written by site, API and CSV in turn', () => {
  // Most edits are of one service: by chance alone hardly any would be started with all that acts then.
  it.each(SETTING_SERVICES)(
    'is what each of them, and the next event, has: mostly the %s',
    async (service) => {
      const edit = fc.oneof(
        { weight: 4, arbitrary: editOf([service]) },
        { weight: 1, arbitrary: editOf(SETTING_SERVICES) },
      );
      const edits = fc.array(edit, { minLength: 12, maxLength: 18, size: 'max' });
      // Each step is a request to real servers: a smaller example would take minutes.
      await fc.assert(fc.asyncProperty(edits, play), { numRuns: 2, endOnFailure: true });
    },
  );

  it('has been written in every way, refused, and mailed about', () => {
    console.log('edits by their ways, and mails:', seen);
    expect(Object.values(seen).every((count) => count > 0)).toBe(true);
  });
});
