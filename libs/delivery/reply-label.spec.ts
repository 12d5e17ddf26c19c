import fc from 'fast-check';
import { REPLY_LABELS, replyLabel } from './reply-label.ts';

const response = 'no';

describe('the label of a reply', () => {
  it('is from a closed list, whatever a server answers', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[45]\d\d$/), (code) => {
        const result =
          code < '5'
            ? ({ kind: 'later', response, code } as const)
            : ({ kind: 'never', response, code, cause: 'address' } as const);
        const label = replyLabel(result);
        expect(REPLY_LABELS).toContain(label);
        expect([code, `other-${code[0]}xx`]).toContain(label);
      }),
    );
  });

  it('says why there was none', () => {
    const error = new Error('gone');
    expect(replyLabel({ kind: 'accepted', response })).toBe('250');
    for (const kind of ['unavailable', 'cut-off', 'in-doubt'] as const)
      expect(replyLabel({ kind, error })).toBe(kind);
  });
});
