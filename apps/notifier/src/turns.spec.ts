import { Turns } from './turns.ts';

describe('turns', () => {
  it('are two for each connection, and one more for each mail that waits long', () => {
    const turns = new Turns(20);
    expect(turns.limit.concurrency).toBe(40);
    turns.allow(1);
    turns.slow(5);
    expect(turns.limit.concurrency).toBe(7);
    turns.slow(0);
    expect(turns.limit.concurrency).toBe(2);
  });
});
