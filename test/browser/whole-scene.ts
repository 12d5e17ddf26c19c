import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { startUnready, type TestSettingsApi } from '../support/settings-api.ts';
import { startSwitch, type SimulatedSwitch } from '../support/simulated-switch.ts';
import { beginStory, type Story } from '../support/story.ts';
import { startTestVoice, type TestVoice } from '../support/voice.ts';
import { openSite, type SiteScene } from './site-scene.ts';

/** Every app on real servers, with topics, keys and a store of FAXes that they share. */
export interface WholeScene {
  readonly site: SiteScene;
  readonly story: Story;
  readonly api: TestSettingsApi;
  readonly voice: TestVoice;
  readonly telephones: SimulatedSwitch;
}

/** Starts everything; closed after the file. */
export async function openWhole(): Promise<WholeScene> {
  const folder = await mkdtemp(path.join(tmpdir(), 'faxes-'));
  closeLater(() => rm(folder, { recursive: true, force: true }));
  const story = await beginStory({ FAX_DOCUMENTS_URL: pathToFileURL(folder).href });
  const { environment } = story;
  const site = await openSite(environment);
  const voice = await startTestVoice(environment);
  const api = await startUnready(environment.KAFKA_TOPIC_PREFIX ?? '', environment);
  await eventually(async () => (await api.ask('get', '/readyz')).status === 200);
  return { site, story, api, voice, telephones: await startSwitch(story) };
}
