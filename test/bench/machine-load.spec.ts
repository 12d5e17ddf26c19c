import { processTimes, ticksOfOthers } from './machine-load.ts';

const process = (pid: number, parent: number, ticks: number) => ({ pid, parent, ticks });

describe('the CPU time of processes', () => {
  it('is read with that of ended children, whatever the program is called', () => {
    const stat = '42 (a (b) c) S 7 42 42 0 -1 4194304 100 0 0 0 3 5 11 13 20 0 1 0 99 1000 1 2 3';
    expect(processTimes(stat)).toEqual(process(42, 7, 3 + 5 + 11 + 13));
  });

  it('counts as the work of others unless it is the own, of what it has started, or of the kernel', () => {
    const own = [process(10, 1, 1_000), process(11, 10, 2_000), process(12, 11, 4_000)];
    const kernel = [process(2, 0, 8_000), process(3, 2, 16_000)];
    const others = [process(1, 0, 1), process(20, 1, 2), process(21, 20, 4)];
    expect(ticksOfOthers([...own, ...kernel, ...others], 10)).toBe(7);
  });

  it('counts a process as the work of others when its parent has just ended', () => {
    expect(ticksOfOthers([process(30, 29, 5)], 10)).toBe(5);
  });
});
