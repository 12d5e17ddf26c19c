import { InFlightLimit } from './in-flight-limit.ts';

describe('InFlightLimit', () => {
  it('lets the reader go on while no more than the limit is in flight', async () => {
    const limit = new InFlightLimit(2);
    limit.add(2);
    await limit.withinLimit();
    limit.add(1);
    let isWithin = false;
    const within = limit.withinLimit().then(() => (isWithin = true));
    await Promise.resolve();
    expect(isWithin).toBe(false);
    limit.remove(1);
    await within;
    expect(isWithin).toBe(true);
  });

  it('lets all readers that wait go on', async () => {
    const limit = new InFlightLimit(0);
    limit.add(3);
    let within = 0;
    const waiting = [limit.withinLimit(), limit.withinLimit()].map((one) => one.then(() => (within += 1)));
    limit.remove(2);
    await Promise.resolve();
    expect(within).toBe(0);
    limit.remove(1);
    await Promise.all(waiting);
    expect(within).toBe(2);
  });
});
