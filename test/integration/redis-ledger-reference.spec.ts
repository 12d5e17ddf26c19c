import fc from 'fast-check';
import { RECIPIENT_STATES, type Answer, type Claim, type LedgerEvent, type LedgerTable } from '#delivery';
import {
  A,
  anEvent,
  B,
  deferred,
  openLedgerInMemory,
  openLedgerInRedis,
  type TimedLedger,
} from './ledger-for-test.ts';

const token = fc.constantFrom('t', 'u', 'v');
const address = fc.constantFrom(A, B);
const answer: fc.Arbitrary<Answer> = fc
  .record({
    state: fc.constantFrom(...RECIPIENT_STATES),
    attempts: fc.integer({ min: 0, max: 3 }),
    response: fc.constantFrom('', '250 Ok', '451 後で'),
    isDead: fc.boolean(),
  })
  .map(({ isDead, ...base }) => ({
    ...(base.state === 'deferred' ? deferred : {}),
    ...base,
    ...(isDead ? { deadLetter: true as const } : {}),
  }));

type Call = (ledger: TimedLedger, event: LedgerEvent, last: LedgerTable | undefined) => Promise<unknown>;

const call: fc.Arbitrary<[string, Call]> = fc.oneof(
  fc
    .boolean()
    .map((isLasting): [string, Call] => [
      `lasting ${isLasting}`,
      async (ledger) => ledger.lasting(isLasting),
    ]),
  token.map((t): [string, Call] => [`claim ${t}`, (ledger, event) => ledger.claim({ event, token: t })]),
  fc
    .tuple(token, address, fc.integer({ min: 0, max: 3 }))
    .map(([t, to, attempts]): [string, Call] => [
      `retry ${t} ${to} ${attempts}`,
      (ledger, event) => ledger.claim({ event, token: t, address: to, attempts }),
    ]),
  fc
    .tuple(token, address)
    .map(([t, to]): [string, Call] => [
      `data ${t} ${to}`,
      (ledger, event) => ledger.dataStarted(event, to, t),
    ]),
  fc
    .tuple(token, address)
    .map(([t, to]): [string, Call] => [`renew ${t} ${to}`, (ledger, event) => ledger.renew(event, to, t)]),
  fc
    .tuple(token, address, fc.boolean())
    .map(([t, to, doubt]): [string, Call] => [
      `release ${t} ${to} ${doubt}`,
      (ledger, event) => ledger.release(event, to, t, doubt),
    ]),
  fc
    .tuple(token, address, answer)
    .map(([t, to, given]): [string, Call] => [
      `record ${t} ${to} ${given.state} ${given.attempts} ${given.response}`,
      (ledger, event) => ledger.record(event, to, t, given),
    ]),
  fc.constant<[string, Call]>(['settle', async (ledger, _, last) => last && ledger.settle(last)]),
  fc
    .constantFrom('x', 'y')
    .map((id): [string, Call] => [
      `reopen ${id}`,
      (ledger, event) => ledger.reopen(event.source, event.id, id),
    ]),
  fc.constant<[string, Call]>(['supersede', (ledger, event) => ledger.supersede(event.source, event.id)]),
  fc.constant<[string, Call]>(['find', (ledger, event) => ledger.find(event.source, event.id)]),
);

/** Rarely drawn by chance: an event superseded while its message is being sent, or before it is claimed. */
const beginning = fc.subarray<[string, Call]>([
  ['claim t', (ledger, event) => ledger.claim({ event, token: 't' })],
  [`data t ${A}`, (ledger, event) => ledger.dataStarted(event, A, 't')],
  ['supersede', (ledger, event) => ledger.supersede(event.source, event.id)],
]);

/** The result of a call, without the expiry of claims, because the two clocks differ. */
async function outcomeOf(run: Promise<unknown>): Promise<unknown> {
  try {
    const result = await run;
    if (typeof result !== 'object' || result === null || !('claims' in result)) return result;
    const claims = result.claims as ReadonlyMap<string, Claim>;
    const kinds = [...claims].map(([to, claim]) => [to, claim.kind === 'busy' ? 'busy' : claim]);
    return { ...result, claims: kinds };
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('the ledger in Redis', () => {
  it('behaves like the reference for any calls in any order', async () => {
    const real = await openLedgerInRedis();
    const run = async (recipients: readonly string[], calls: readonly [string, Call][]): Promise<void> => {
      const reference = openLedgerInMemory();
      const event = anEvent(recipients);
      let last: LedgerTable | undefined;
      real.lasting(true);
      for (const [, perform] of calls) {
        const before = last;
        const expected = await outcomeOf(perform(reference, event, before));
        expect(await outcomeOf(perform(real, event, before))).toEqual(expected);
        last = (await reference.find(event.source, event.id)) ?? last;
      }
    };
    const recipients = fc.constantFrom([A], [A, B]);
    const calls = fc
      .tuple(beginning, fc.array(call, { maxLength: 40, size: 'max' }))
      .map(([first, others]) => [...first, ...others]);
    await fc.assert(fc.asyncProperty(recipients, calls, run), { numRuns: 200 });
  }, 60_000);
});
