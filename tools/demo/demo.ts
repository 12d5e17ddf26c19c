import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../build.ts';
import { freePorts } from '../stack/free-ports.ts';
import { runCommand, say } from '../run-command.ts';
import { serversDown, serversUp, STACK_FOLDER } from '../stack/servers.ts';
import { startApp, type AppProcess } from './app-process.ts';
import { connectionOf, DEMO_TOKEN, demoEnvironment } from './demo-environment.ts';
import { beTheOnlyDemo, demoHasEnded } from './demo-record.ts';
import { emptyInbox } from './inbox.ts';
import { playDay } from './play-day.ts';
import { playStory } from './play-story.ts';
import { writeSampleSettings } from './sample-settings.ts';

const USAGE =
  'npm run demo [-- --check]\n  --check  compare what arrives with what has to, print `demo: ok`, and end\n';
/** What is under way at Ctrl-C has so long to come to its end. */
const LAST_MS = 2_000;
const folder = path.join(STACK_FOLDER, 'demo');

/** Runs the demo; resolves with what was missing. Whatever it started has ended by then. */
async function demo(check: boolean, signal: AbortSignal): Promise<readonly string[]> {
  const apps: AppProcess[] = [];
  await mkdir(folder, { recursive: true });
  await beTheOnlyDemo(folder);
  try {
    say('Compiling the apps and the mail templates');
    await build();
    const servers = await serversUp(folder, say, signal);
    await emptyInbox(servers.INBOX_URL);
    const [settingsPort = 0, notifierPort = 0] = await freePorts(2);
    const environment = demoEnvironment(servers);
    say('Starting the settings API and the notifier');
    const start = (name: 'settings' | 'notifier', port: number): Promise<AppProcess> =>
      startApp(name, port, environment, folder, signal);
    const started = await Promise.allSettled([
      start('settings', settingsPort),
      start('notifier', notifierPort),
    ]);
    for (const result of started) if (result.status === 'fulfilled') apps.push(result.value);
    for (const result of started) if (result.status === 'rejected') throw result.reason;
    const [settings, notifier] = apps as [AppProcess, AppProcess];
    say('Giving the sample subscribers their settings\n');
    await writeSampleSettings(settings.url);
    const missing = await playStory(
      connectionOf(environment),
      { api: settings.url, inbox: servers.INBOX_URL },
      signal,
    );
    if (check) return missing;
    process.stdout.write(whereToLook(servers.INBOX_URL, settings.url, notifier.url));
    await untilInterrupted(playDay(connectionOf(environment), signal), signal);
    return missing;
  } finally {
    say('\nStopping what was started');
    await Promise.all(apps.map((app) => app.stop()));
    await serversDown(folder);
    await demoHasEnded(folder);
  }
}

/** A client waits long for a server that was taken away: after Ctrl-C nobody waits for it. */
async function untilInterrupted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const interrupted = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => setTimeout(resolve, LAST_MS), { once: true }),
  );
  await Promise.race([work, interrupted]);
}

function whereToLook(inbox: string, settings: string, notifier: string): string {
  return `
Look around while a believable day goes on (Ctrl-C ends it):
  the mails           ${inbox}
  settings API        ${settings}/docs   (Authorization: Bearer ${DEMO_TOKEN})
  notifier's metrics  ${notifier}/metrics
  logs                ${path.relative(process.cwd(), folder)}/*.log

`;
}

function readArguments(): { check: boolean } {
  try {
    const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
    return values;
  } catch (error) {
    say(`${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}

const { check } = readArguments();
await runCommand(async (signal) => {
  const missing = await demo(check, signal);
  for (const one of missing) say(`missing: ${one}`);
  if (check) process.stdout.write(missing.length === 0 ? 'demo: ok\n' : 'demo: failed\n');
  return check && missing.length > 0 ? 1 : 0;
});
// Connections to servers that are gone would keep the process.
process.exit();
