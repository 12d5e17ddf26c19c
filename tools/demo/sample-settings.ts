import { SAMPLE_LINES, SAMPLE_SETTINGS } from './sample-subscribers.ts';
import { callApi } from './stage.ts';

/** Gives the sample subscribers their lines and settings by the settings API. Rejects with its answer when it refuses. */
export async function writeSampleSettings(api: string): Promise<void> {
  for (const { lineNumber, ...line } of SAMPLE_LINES)
    await callApi(api, 'PUT', `/v1/lines/${lineNumber}`, line);
  for (const [path, body] of SAMPLE_SETTINGS) await callApi(api, 'PUT', path, body);
}
