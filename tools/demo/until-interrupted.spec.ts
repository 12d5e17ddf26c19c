import { untilInterrupted } from './until-interrupted.ts';

const never = new Promise<string>(() => undefined);

describe('work that can be interrupted', () => {
  it('settles as the work does', async () => {
    const { signal } = new AbortController();
    await expect(untilInterrupted(Promise.resolve('done'), signal)).resolves.toBe('done');
    await expect(untilInterrupted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
  });

  it('is abandoned when it never ends, as with a frozen server', async () => {
    const controller = new AbortController();
    const waiting = untilInterrupted(never, controller.signal, 1);
    controller.abort();
    await expect(waiting).rejects.toThrow('aborted');
    await expect(untilInterrupted(never, AbortSignal.abort(), 1)).rejects.toThrow('aborted');
  });

  it('may still finish shortly after the interruption', async () => {
    const controller = new AbortController();
    const work = Promise.withResolvers<string>();
    const waiting = untilInterrupted(work.promise, controller.signal, 60_000);
    controller.abort();
    work.resolve('committed');
    await expect(waiting).resolves.toBe('committed');
  });
});
