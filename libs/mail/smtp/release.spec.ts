import { createRelease, type Release } from './release.ts';

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

  it('R4 is asked for again behind the envelope, when what was said beside that may be called back', async () => {
    let isCalledBack = false;
    let asked = 0;
    const beforeData = async (): Promise<'ask-again'> => {
      asked += 1;
      if (isCalledBack) throw new Error('the recovery told it');
      return 'ask-again';
    };
    const asking = (): Release => createRelease(beforeData, () => 0);
    const goes = asking();
    await goes.begin();
    await goes.renew();
    expect(asked).toBe(2);
    await asking().renew();
    expect(asked).toBe(3);
    const stays = asking();
    await stays.begin();
    isCalledBack = true;
    await expect(stays.renew()).rejects.toThrow('the recovery told it');
  });
});
