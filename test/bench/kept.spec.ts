import { comparison } from './kept.ts';

const KEPT = {
  ratios: { deciding: { millionNumbersRatio: 0.8 } },
  bytes: { redis: { bytesPerMail: 500 } },
  others: { latency: { halfLoadP99Ms: 40 } },
};

function isGood(group: string, name: string, now: number | null): boolean {
  return comparison(KEPT, { [group]: { [name]: now } }).isGood;
}

describe('a run compared with the kept one', () => {
  it('fails with a ratio below half of what is kept, however high others are', () => {
    expect(isGood('deciding', 'millionNumbersRatio', 0.39)).toBe(false);
    expect(isGood('deciding', 'millionNumbersRatio', 0.41)).toBe(true);
    expect(isGood('deciding', 'millionNumbersRatio', 8)).toBe(true);
  });

  it('fails with bytes a tenth above what is kept, however few they may become', () => {
    expect(isGood('redis', 'bytesPerMail', 551)).toBe(false);
    expect(isGood('redis', 'bytesPerMail', 549)).toBe(true);
    expect(isGood('redis', 'bytesPerMail', 5)).toBe(true);
  });

  it('only shows what depends on the machine', () => {
    const { isGood: isFine, lines } = comparison(KEPT, { latency: { halfLoadP99Ms: 4_000 } });
    expect(isFine).toBe(true);
    expect(lines.join('\n')).toMatch(/latency\.halfLoadP99Ms +40 +4000$/);
  });

  it('leaves out what was not measured', () => {
    const { isGood: isFine, lines } = comparison(KEPT, { redis: { bytesPerMail: null } });
    expect(isFine).toBe(true);
    expect(lines).toHaveLength(1);
  });

  it('says which figure failed, and in which direction', () => {
    const figures = { deciding: { millionNumbersRatio: 0.1 }, redis: { bytesPerMail: 900 } };
    const [, ratio, bytes] = comparison(KEPT, figures).lines;
    expect(ratio).toMatch(/millionNumbersRatio.*below half of what is kept$/);
    expect(bytes).toMatch(/bytesPerMail.*a tenth above what is kept$/);
  });
});
