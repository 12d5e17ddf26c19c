import { closeInOrder, type ClosingParts } from './close-in-order.ts';

const LONG_MS = 600_000;

/** One mail under way, which the closing of the connections ends; `steps` says in what order things happened. */
function oneUnderWay(): ClosingParts & { readonly steps: string[]; readonly answer: () => void } {
  const steps: string[] = [];
  const step = (name: string): void => void steps.push(name);
  const answered = Promise.withResolvers<void>();
  const written = answered.promise.then(() => step('written down'));
  const ending = new AbortController();
  ending.signal.addEventListener('abort', () => step('ending'));
  return {
    steps,
    answer: () => (step('answer'), answered.resolve()),
    inFlight: { drained: () => written },
    sender: { close: async () => (step('connections closed'), answered.resolve()) },
    claims: { stop: () => step('claims') },
    breaker: { stop: () => step('breaker') },
    ending,
  };
}

describe('the end of a notifier', () => {
  it('waits for an answer that is still to come, with its claims renewed', async () => {
    const parts = oneUnderWay();
    const closing = closeInOrder(parts, LONG_MS);
    await new Promise(setImmediate);
    parts.answer();
    await closing;
    expect(parts.steps).toEqual([
      'answer',
      'written down',
      'connections closed',
      'ending',
      'claims',
      'breaker',
    ]);
  });

  it('closes the connections when no answer comes in time, and waits until that is written down', async () => {
    const parts = oneUnderWay();
    await closeInOrder(parts, 1, LONG_MS);
    expect(parts.steps).toEqual(['connections closed', 'written down', 'ending', 'claims', 'breaker']);
  });

  it('leaves what can never be written down', async () => {
    const parts = oneUnderWay();
    const never = new Promise<void>(() => undefined);
    await closeInOrder({ ...parts, inFlight: { drained: () => never } }, 1, 1);
    expect(parts.steps).toEqual(
      expect.arrayContaining(['connections closed', 'ending', 'claims', 'breaker']),
    );
  });
});
