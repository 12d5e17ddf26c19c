import { createPasswordHasher, HasherBusy } from './password-hasher.ts';

/** With 8 KiB, so that only the turns take time. */
const CHEAP = '$argon2id$v=19$m=8,t=1,p=1$zO8gZ/ciIqG+tFKZ9W14Tg$lLP2eOB4VgSRBXGv5yDw6S4jw1qgKbS7y/61yWYW09U';

describe('the hasher', () => {
  it('verifies what it hashed, and nothing else', async () => {
    const hasher = createPasswordHasher();
    const stored = await hasher.hash('Yamada2026');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.verify(stored, 'Yamada2026')).toBe(true);
    expect(await hasher.verify(stored, 'Yamada2027')).toBe(false);
    expect(await hasher.verify(null, 'Yamada2026')).toBe(false);
  });

  it('A3 compares with nothing as with something: the same work, and false', async () => {
    const hasher = createPasswordHasher();
    const stored = await hasher.hash('sakura77x');
    const cpuOf = async (phc: string | null): Promise<number> => {
      const before = process.cpuUsage();
      for (let index = 0; index < 3; index += 1) expect(await hasher.verify(phc, 'wrong0000z')).toBe(false);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    await cpuOf(stored);
    const [something, nothing] = [await cpuOf(stored), await cpuOf(null)];
    expect(nothing).toBeGreaterThan(something / 3);
    expect(nothing).toBeLessThan(something * 3);
  });

  it('A3 lets a source that floods it wait for itself, and nobody else', async () => {
    const hasher = createPasswordHasher();
    let guessed = 0;
    const flood = Array.from({ length: 60 }, async () => {
      await hasher.verify(CHEAP, 'Guess2026', '192.0.2.1');
      guessed += 1;
    });
    expect(await hasher.verify(CHEAP, 'Bench2026x', '192.0.2.2')).toBe(true);
    expect(guessed).toBeLessThan(5);
    await Promise.all(flood);
  });

  it('A5 lets a login that has many passwords hashed wait for itself, too', async () => {
    const hasher = createPasswordHasher();
    const flood = Array.from({ length: 60 }, () => hasher.hash('Yamada2026', '0312345678'));
    expect(await hasher.verify(CHEAP, 'Bench2026x', '192.0.2.2')).toBe(true);
    const hashes = await Promise.all(flood.slice(0, 2));
    expect(hashes[0]).toMatch(/^\$argon2id/);
    await Promise.all(flood);
  });

  it('A3 refuses what a source tries beyond a hundred at once, and takes the next one when they are done', async () => {
    const hasher = createPasswordHasher();
    const tries = Array.from({ length: 101 }, () => hasher.verify(CHEAP, 'Guess2026', '192.0.2.1'));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: expect.any(HasherBusy) },
    ]);
    expect(await hasher.verify(CHEAP, 'Bench2026x', '192.0.2.1')).toBe(true);
  });

  it('A3 refuses when too many different sources wait', async () => {
    const hasher = createPasswordHasher();
    const tries = Array.from({ length: 53 }, (_, index) => hasher.verify(CHEAP, 'G', `192.0.2.${index}`));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { code: 'hasher-busy', retryable: true } },
    ]);
  });
});
