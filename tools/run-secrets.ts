import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { formsOf } from '#events';

/** The environment variable that tells the tests of a run where to keep the apps' logs. */
export const LOGS_FOLDER_VARIABLE = 'DENWA_TEST_LOGS';

/** The file next to the logs that lists the run's secrets, one JSON string a line. */
export const SECRETS_FILE = 'secrets.jsonl';

/** Finds secrets in a text, in any encoding. Each result shows the line with the secret masked. */
export function secretsFoundIn(text: string, secrets: Iterable<string>): string[] {
  const all = [...secrets].map((secret) => ({ secret, forms: formsOf(secret) }));
  return all.flatMap(({ secret, forms }) => {
    const form = forms.find((one) => text.includes(one));
    if (form === undefined) return [];
    const at = text.indexOf(form);
    const from = text.lastIndexOf('\n', at) + 1;
    const [line = ''] = text.slice(from, at + form.length + 200).split('\n');
    return [`${secret.slice(0, 2)}… in: ${line.replaceAll(form, '***').slice(0, 400)}`];
  });
}

/**
 * Searches the logs in a folder for the secrets in its `SECRETS_FILE`; one result for each secret and log. Rejects when
 * that file is missing.
 */
export async function secretsInLogs(folder: string): Promise<string[]> {
  const lines = await readFile(path.join(folder, SECRETS_FILE), 'utf8');
  const secrets = new Set(
    lines
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string),
  );
  return secretsInLogsOf(folder, secrets);
}

/** Searches the logs in a folder for these secrets; one result for each secret and log. */
export async function secretsInLogsOf(folder: string, secrets: Iterable<string>): Promise<string[]> {
  const all = [...secrets];
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.log')) continue;
    const text = await readFile(path.join(folder, name), 'utf8');
    found.push(...secretsFoundIn(text, all).map((one) => `${name}: ${one}`));
  }
  return found;
}
