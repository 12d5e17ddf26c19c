import fc from 'fast-check';
import { beginningAt } from './beginning-at.ts';

const asked = [
  { topic: 'a', partitions: [0, 1, 2] },
  { topic: 'none', partitions: [] },
  { topic: 'b', partitions: [5] },
];
/** Of four partitions, from the first to the last. */
const places = [0, 0.25, 0.5, 0.75];

describe('beginningAt', () => {
  it('lets every partition of every topic be the first one', () => {
    const first = places.map((place) => {
      const [{ topic, partitions: [partition] } = { topic: '', partitions: [] }] = beginningAt(place, asked);
      return `${topic}/${partition}`;
    });
    expect(first).toEqual(['a/0', 'a/1', 'a/2', 'b/5']);
  });

  it('keeps the partitions before it for the end of their topic', () => {
    expect(beginningAt(0.5, asked)[0]).toEqual({ topic: 'a', partitions: [2, 0, 1] });
  });

  it('asks for each partition once, wherever it begins', () => {
    const flat = (all: ReturnType<typeof beginningAt>): string[] =>
      all
        .flatMap(({ topic, partitions }) => partitions.map((partition) => `${topic}/${partition}`))
        .toSorted();
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (place) => {
        expect(flat(beginningAt(place, asked))).toEqual(flat(asked));
        expect(beginningAt(place, []).length).toBe(0);
      }),
    );
  });
});
