import { RECIPIENT_STATES } from './ports.ts';
import { stateMeaning } from './state-meanings.ts';

describe('V6 what a recipient’s state means', () => {
  it.each(RECIPIENT_STATES)('says %s to both, in words', (state) => {
    expect(stateMeaning(state)?.operator).toMatch(/^[a-z ]+$/);
    expect(stateMeaning(state)?.subscriber).toMatch(/^[^a-zA-Z]+$/);
  });

  it('never says more than that the mail server took the mail', () => {
    for (const state of RECIPIENT_STATES)
      expect(stateMeaning(state)?.subscriber).not.toMatch(/届きました|読まれ|開封/);
  });

  it('knows nothing of a state that only a newer version has', () => {
    for (const state of ['open', 'teleported', 'toString']) expect(stateMeaning(state)).toBeUndefined();
  });
});
