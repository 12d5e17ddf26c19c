import fc from 'fast-check';
import { aftermathOf, OUTAGES } from './aftermath-of.ts';
import { assuming, type Assumptions } from './assumptions.ts';
import { deploymentFor, type Deployment } from './deployment.ts';

const HUNDRED = { callsPerDay: 10, noticeShare: 1, mailsPerCall: 1.2 };
const loads = fc.record({
  numbers: fc.integer({ min: 1, max: 100_000_000 }),
  callsPerDay: fc.double({ min: 0.1, max: 50, noNaN: true }),
  noticeShare: fc.double({ min: 0.01, max: 1, noNaN: true }),
});
const COUNTS = [
  'mainNotifiers',
  'retryNotifiers',
  'accessNotifiers',
  'settingsApis',
  'sites',
  'brokers',
] as const;

describe('a deployment', () => {
  it('is never smaller for more numbers', () => {
    fc.assert(
      fc.property(loads, fc.integer({ min: 1, max: 10 }), (load, times) => {
        const [one, more] = [
          deploymentFor(assuming(load)),
          deploymentFor(assuming({ ...load, numbers: load.numbers * times })),
        ];
        const names = (Object.keys(one) as (keyof Deployment)[]).filter((name) => name !== 'partitions');
        const smaller = names.filter(
          (name) => !name.endsWith('Bytes') && !name.endsWith('BytesPerSecond') && more[name] < one[name],
        );
        expect(smaller).toEqual([]);
      }),
    );
  });

  it('is the same in each zone, and shares partitions evenly', () => {
    fc.assert(
      fc.property(loads, fc.integer({ min: 2, max: 5 }), (load, zones) => {
        const deployment = deploymentFor(assuming({ ...load, zones }));
        for (const name of COUNTS) expect([name, deployment[name] % zones]).toEqual([name, 0]);
        expect(deployment.partitions % deployment.mainNotifiers).toBe(0);
        expect(deployment.partitions).toBeGreaterThanOrEqual(12);
        expect([1, 3].includes(deployment.redisShards) || deployment.redisShards > 3).toBe(true);
      }),
    );
  });

  it('is worked without a backlog while one of three zones is away', () => {
    const zone = OUTAGES.find(({ what }) => what.includes('zones'));
    if (!zone) throw new Error('no outage of a zone');
    for (const numbers of [1e6, 60e6])
      expect(aftermathOf(deploymentFor(assuming({ ...HUNDRED, numbers })), zone).callsWaiting).toBeLessThan(
        1,
      );
  });

  it('has about a hundred processes for what docs/sizing.md says', () => {
    const given: Assumptions = assuming({ ...HUNDRED, numbers: 60e6 });
    const { mainNotifiers, retryNotifiers, accessNotifiers, settingsApis, sites, mailsPerSecond } =
      deploymentFor(given);
    expect(mainNotifiers + retryNotifiers + accessNotifiers + settingsApis + sites).toBe(96);
    expect(mailsPerSecond).toBeCloseTo(48_000);
  });
});
