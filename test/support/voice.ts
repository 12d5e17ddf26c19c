import request from 'supertest';
import { dial } from '../../apps/switch/src/dial.ts';
import { REQUIRED, startVoice } from '../../apps/voice/src/start-voice.ts';
import { appVariables } from './app-variables.ts';
import { asProgram } from './as-program.ts';
import { closeLater } from './close-later.ts';
import { eventually } from './eventually.ts';
import { testEnvironment, testLogger } from './run-log.ts';
import { uniqueName } from './unique-name.ts';

/** What the test's media server shows. */
export const VOICE_TOKEN = 'of-the-tests';

/** A telephone dialogue on a real Redis. */
export interface TestVoice {
  readonly url: string;
  /** Calls the access number; resolves with what the caller hears. `between` runs before the keys of each question. */
  call(from: string, keys: string[], between?: () => Promise<unknown>): Promise<string[]>;
}

/** Starts a dialogue that is closed after the file, and waits until it is ready; `variables` override the usual ones. */
export async function startTestVoice(variables: Readonly<Record<string, string>>): Promise<TestVoice> {
  const asked = await asProgram('voice', {
    ...appVariables(`${uniqueName('voice')}.`),
    SEAL_KEYS: `k:${Buffer.alloc(32, 1).toString('base64')}`,
    VOICE_TOKENS: `tests:${VOICE_TOKEN}`,
    ...variables,
  });
  const environment = testEnvironment(REQUIRED, asked);
  const logger = testLogger({ app: 'voice', level: 'debug', destination: { write: () => undefined } });
  const voice = await startVoice(environment, logger, (error) => {
    throw error;
  });
  closeLater(() => voice.close());
  const { url } = voice;
  await eventually(async () => (await request(url).get('/readyz')).status === 200);
  return {
    url,
    call: async (from, keys, between = async () => undefined) => {
      const heard: string[] = [];
      const phone = {
        signal: new AbortController().signal,
        print: (line: string): void => void heard.push(line),
        readKeys: async () => {
          await between();
          return keys.shift();
        },
      };
      await dial({ from, voice: url, token: VOICE_TOKEN }, phone);
      return heard;
    },
  };
}
