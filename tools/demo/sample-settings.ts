import { DEMO_TOKEN } from './demo-environment.ts';
import { SAMPLE_LINES, SAMPLE_SETTINGS } from './story.ts';

/** Gives the sample subscribers their lines and settings by the settings API. Rejects with its answer when it refuses. */
export async function writeSampleSettings(api: string): Promise<void> {
  for (const { lineNumber, ...line } of SAMPLE_LINES) await put(api, `/v1/lines/${lineNumber}`, line);
  for (const [path, body] of SAMPLE_SETTINGS) await put(api, path, body);
}

async function put(api: string, path: string, body: object): Promise<void> {
  const answer = await fetch(`${api}${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${DEMO_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok)
    throw new Error(`The settings API answered ${answer.status} to PUT ${path}: ${await answer.text()}`);
}
