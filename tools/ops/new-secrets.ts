import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';

/** As many bytes as AES-256 takes; tokens get as many, so that nobody guesses one. */
const SECRET_BYTES = 32;

/** `ops new-secrets`: fresh keys and tokens of an installation, as the lines of an environment file. */
export function addNewSecrets(ops: Command): void {
  ops
    .command('new-secrets')
    .summary('fresh keys and tokens, as lines of an .env file')
    .description(
      'Print a fresh key to seal with, tokens for the settings API and the telephone dialogue, and a password for ' +
        'Grafana, as lines of an .env file. Each run prints others; nothing is kept.',
    )
    .action(() => {
      for (const [name, value] of Object.entries(newSecrets(new Date()))) console.log(`${name}=${value}`);
    });
}

/** Random secrets by variable. The key is called by the day of `now`: at the next one, it shows which is the older. */
export function newSecrets(now: Date): Readonly<Record<string, string>> {
  const token = (): string => randomBytes(SECRET_BYTES).toString('base64url');
  return {
    SEAL_KEYS: `${now.toISOString().slice(0, 10)}:${randomBytes(SECRET_BYTES).toString('base64')}`,
    SETTINGS_API_TOKENS: `operator:${token()}`,
    VOICE_TOKENS: `media-server:${token()}`,
    GRAFANA_PASSWORD: token(),
  };
}
