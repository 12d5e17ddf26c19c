import { createRelease } from './release.ts';

describe('the release of a message', () => {
  it('is asked for once, however many connections the mail needs', async () => {
    let asked = 0;
    const release = createRelease(
      async () => void (asked += 1),
      () => 0,
    );
    expect(release.begun).toBe(false);
    await Promise.all([release.begin(), release.begin()]);
    await release.renew();
    expect(release.begun).toBe(true);
    expect(asked).toBe(1);
  });

  it('is asked for again by a process that was frozen, or waited long for the server, since', async () => {
    let now = 0;
    const answers = [
      () => Promise.resolve(),
      async () => void (now += 60_000),
      () => Promise.reject(new Error('somebody else has it')),
    ];
    const release = createRelease(
      () => answers.shift()!(),
      () => now,
    );
    await release.begin();
    now += 60_000;
    await expect(release.renew()).rejects.toThrow('somebody else has it');
  });
});
