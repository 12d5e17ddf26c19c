import { loadEnvironment } from '#platform';
import { newSecrets } from './new-secrets.ts';

const now = new Date('2026-04-01T12:00:00Z');

describe('new secrets', () => {
  it('are what the apps ask for', () => {
    const required = ['SEAL_KEYS', 'SETTINGS_API_TOKENS', 'VOICE_TOKENS'] as const;
    const loaded = loadEnvironment(required, newSecrets(now));
    expect(loaded.SEAL_KEYS[0]).toMatchObject({ id: '2026-04-01' });
    expect(loaded.SETTINGS_API_TOKENS[0]).toMatchObject({ name: 'operator' });
  });

  it('differ every time, and from each other', () => {
    const values = [newSecrets(now), newSecrets(now)].flatMap((secrets) =>
      Object.values(secrets).map((value) => value.split(':').at(-1)),
    );
    expect(new Set(values).size).toBe(8);
    for (const value of values) expect(value?.length).toBeGreaterThan(42);
  });

  it('need no quotes in an .env file, neither for a shell nor for Compose', () => {
    for (const value of Object.values(newSecrets(now))) expect(value).toMatch(/^[\w:+/=-]+$/);
  });
});
