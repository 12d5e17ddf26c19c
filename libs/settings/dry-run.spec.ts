import fc from 'fast-check';
import type { CallEvent, FaxEvent, Party } from '#events';
import { decide, DEFAULT_DEADLINES, type CallNotice, type FaxNotice, type Screening } from '#rules';
import { dryRun } from './dry-run.ts';
import { settingsFor, LINE, NUMBER } from './testing/settings-for-test.ts';

const CALLERS = ['09012345678', '0312340000', '+14155550100', '110'];
const party: fc.Arbitrary<Party> = fc.oneof(
  fc.record({ number: fc.constantFrom(...CALLERS) }),
  fc.record({ withheld: fc.constantFrom('P', 'C', 'O', 'S') }),
);
const recipients = fc.uniqueArray(
  fc.record({ address: fc.constantFrom('a@example.jp', 'b@example.jp'), enabled: fc.boolean() }),
  { selector: ({ address }) => address },
);
const callNotice: fc.Arbitrary<CallNotice> = fc
  .record({
    enabled: fc.boolean(),
    targetCallersOnly: fc.boolean(),
    unansweredOnly: fc.boolean(),
    recipients,
    targetCallers: fc.uniqueArray(
      fc.record({ number: fc.constantFrom(...CALLERS.slice(0, 3)), enabled: fc.boolean() }),
      { selector: ({ number }) => number },
    ),
  })
  // C3: what is started has a recipient.
  .map((notice) => ({ ...notice, enabled: notice.enabled && notice.recipients.length > 0 }));
const faxNotice: fc.Arbitrary<FaxNotice> = fc.record({ enabled: fc.boolean(), recipients });
const screening: fc.Arbitrary<Screening> = fc.record({
  numberRequest: fc.boolean(),
  nuisanceCallers: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray(CALLERS)),
});

/** Always there: what a dry run fills in. */
const where = { source: 's', id: 'i', at: 0, lineNumber: LINE, calledNumber: NUMBER };
type TriedCall = Pick<CallEvent, 'caller' | 'outcome' | 'refusedBy' | 'forwarding'>;
const plainCall = fc.record<TriedCall>({
  caller: party,
  outcome: fc.constantFrom('answered', 'unanswered', 'busy', 'forwarded', 'abandoned'),
});
const stopped = fc.constantFrom<Partial<TriedCall>>(
  { refusedBy: 'number-request' },
  { refusedBy: 'nuisance-list' },
  { forwarding: 'destination-busy' },
  { forwarding: 'destination-unreachable' },
);
/** Most calls are neither refused nor lost by a forwarding, and come to what the call notice says. */
const triedCall = fc.oneof(
  { weight: 9, arbitrary: plainCall },
  { weight: 1, arbitrary: fc.tuple(plainCall, stopped).map(([call, why]) => ({ ...call, ...why })) },
);

const reached = new Set<string>();

it('V7 decides as the rules do, whatever is set, saved or not, and whoever rings', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ callNotice, faxNotice, screening }),
      fc.option(callNotice, { nil: undefined }),
      fc.oneof(triedCall, fc.record({ sender: party })),
      async (saved, unsaved, tried) => {
        const deps = await settingsFor();
        for (const section of ['callNotice', 'faxNotice', 'screening'] as const)
          await deps.repository.putSection(NUMBER, section, saved[section]);
        const stored = await deps.repository.getNumber(NUMBER);
        const settings = { ...stored!, callNotice: unsaved ?? saved.callNotice };
        const event: CallEvent | FaxEvent =
          'sender' in tried
            ? { kind: 'fax', ...where, ...tried, pages: 1, complete: true, documentId: 'd' }
            : { kind: 'call', ...where, ...tried, ringSeconds: 0 };
        const known = { numbers: new Map([[NUMBER, settings]]), lines: new Map() };
        const { reason, recipients: to } = decide(event, known, 0, () => DEFAULT_DEADLINES);
        const document = { event: tried, ...(unsaved && { settings: unsaved }) };
        expect(await dryRun(deps, NUMBER, document)).toEqual({ ok: true, reason, recipients: to });
        expect(await deps.repository.getNumber(NUMBER)).toEqual(stored);
        reached.add(reason);
      },
    ),
    { numRuns: 1_000 },
  );
  expect([...reached].toSorted()).toEqual([
    'answered',
    'forward-failed',
    'no-recipient',
    'not-target',
    'notify',
    'nuisance-caller',
    'refused-number-request',
    'service-off',
    'withheld-not-target',
  ]);
});

it('V7 C13 takes an address of earlier years where it is stored, and limits of the brand', async () => {
  const deps = await settingsFor({ brand: 'small' });
  const event = { caller: { number: CALLERS[0] }, outcome: 'unanswered' };
  const notice = { enabled: true, targetCallersOnly: false, unansweredOnly: false, targetCallers: [] };
  const old = { address: 'taro..yamada@docomo.ne.jp', enabled: true };
  const settings = { ...notice, recipients: [old] };
  expect(await dryRun(deps, NUMBER, { event, settings })).toMatchObject({ ok: false, kind: 'invalid' });
  await deps.repository.putSection(NUMBER, 'callNotice', settings);
  expect(await dryRun(deps, NUMBER, { event, settings })).toMatchObject({ ok: true, reason: 'notify' });
  const two = { ...notice, recipients: [old, { address: 'b@example.jp', enabled: true }] };
  expect(await dryRun(deps, NUMBER, { event, settings: two })).toMatchObject({
    errors: [{ path: 'settings.recipients', code: 'too-many' }],
  });
});
