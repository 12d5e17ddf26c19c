import request from 'supertest';
import { startTestSite } from './site.ts';
import { startUnready } from './settings-api.ts';
import { openSiteBrowser } from './site-browser.ts';
import { aCall, aOneTimePassword, beginStory, STORY_KEY, subscribe, type Story } from './story.ts';
import { startTestVoice } from './voice.ts';
import { seal } from '#events';
import { createSwitchTopics } from './kafka.ts';
import { eventually } from './eventually.ts';
import { uniqueName } from './unique-name.ts';

/** The apps that serve metrics. */
export const APPS = ['notifier', 'settings', 'site', 'voice'] as const;
export type App = (typeof APPS)[number];

/** One process of each app on the test servers, all of one installation. Everything is removed after the file. */
export interface EveryApp {
  readonly story: Story;
  /** Where each app answers. */
  readonly urls: Readonly<Record<App, string>>;
  /** Something of everything happens: mails, a request of each app, logins. Resolves when it is over. */
  happens(): Promise<void>;
  /** What `/metrics` of an app says. */
  scrape(app: App): Promise<string>;
}

const NUMBER = '0312345678';
const CARRIERS = ['a@docomo.ne.jp', 'a@gmail.com', 'a@example.jp'];

/** Starts one process of each app, and waits until all are ready; `more` override the usual variables. */
export async function startEveryApp(more: Readonly<Record<string, string>> = {}): Promise<EveryApp> {
  const story = await beginStory(more);
  const { KAFKA_TOPIC_PREFIX: prefix = '' } = story.environment;
  await createSwitchTopics(prefix);
  const [site, settings, voice] = await Promise.all([
    startTestSite(story.environment),
    startUnready(prefix, story.environment),
    startTestVoice(story.environment),
  ]);
  const [notifier] = story.notifiers;
  const urls = { notifier: notifier?.url ?? '', settings: settings.url, site: site.url, voice: voice.url };
  for (const url of Object.values(urls))
    await eventually(async () => (await request(url).get('/readyz')).status === 200);
  await subscribe(story, NUMBER, { to: CARRIERS });
  return {
    story,
    urls,
    scrape: async (app) => (await request(urls[app]).get('/metrics')).text,
    happens: async () => {
      const calls = [story.happens('call.v1', NUMBER, aCall(NUMBER)), oneTimePassword(story)];
      for (const id of await Promise.all(calls)) await story.outcomeOf(id);
      await openSiteBrowser(site.url).post('/login', { number: NUMBER, password: 'Chigau2026' });
      await settings.ask('get', `/v1/lines/${NUMBER}`);
      // A withheld number is refused at once.
      await voice.call('', []);
    },
  };
}

function oneTimePassword(story: Story): Promise<string> {
  const id = uniqueName('code');
  const sealed = seal({ code: '482913' }, id, [STORY_KEY]);
  return story.happens('access-mail.v1', NUMBER, { ...aOneTimePassword(NUMBER, 'a@au.com'), sealed }, id);
}
