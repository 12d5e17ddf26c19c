import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../build.ts';
import { freePorts } from '../stack/free-ports.ts';
import { localConnection } from '../local-connection.ts';
import { runCommand, say } from '../run-command.ts';
import { serversDown, serversUp, STACK_FOLDER } from '../stack/servers.ts';
import { startApp, type AppProcess, type AppStart } from './app-process.ts';
import { DEMO_TOKEN, demoEnvironment } from './demo-environment.ts';
import { beTheOnlyDemo, demoHasEnded } from './demo-record.ts';
import { emptyInbox } from './inbox.ts';
import { playDay } from './play-day.ts';
import { playStory } from './play-story.ts';
import { writeSampleSettings } from './sample-subscribers.ts';
import { untilInterrupted } from './until-interrupted.ts';

const USAGE = 'npm run demo [-- --check]\n  --check  check what arrives, print `demo: ok` and exit\n';
/** Time for a graceful stop of the servers, which hold only this demo's data. */
const SERVERS_LIMIT_MS = 3_000;
const folder = path.join(STACK_FOLDER, 'demo');
const environmentFile = path.join(folder, 'environment');

/** Runs the demo and stops everything it started; resolves with what was missing. */
async function demo(check: boolean, signal: AbortSignal): Promise<readonly string[]> {
  const apps: Promise<AppProcess>[] = [];
  await mkdir(folder, { recursive: true });
  await beTheOnlyDemo(folder);
  try {
    return await untilInterrupted(play(check, apps, signal), signal);
  } finally {
    say('\nStopping what was started');
    const started = await Promise.allSettled(apps);
    await Promise.all(started.map(async (app) => app.status === 'fulfilled' && app.value.stop()));
    await serversDown(folder, SERVERS_LIMIT_MS);
    await demoHasEnded(folder);
  }
}

/** Starts everything and plays the story; resolves with what was missing. Adds the apps it starts to `apps`. */
async function play(
  check: boolean,
  apps: Promise<AppProcess>[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  say('Compiling the apps and the mail templates');
  await build(signal);
  const servers = await serversUp(folder, say, signal);
  await emptyInbox(servers.INBOX_URL);
  signal.throwIfAborted();
  const [settingsPort = 0, notifierPort = 0] = await freePorts(2);
  const environment = demoEnvironment(servers);
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(environmentFile, lines.join(''), { mode: 0o600 });
  say('Starting the settings API and the notifier');
  const start = (name: AppStart['name'], port: number): Promise<AppProcess> => {
    const program = `dist/apps/${name}/src/main.js`;
    const app = startApp({ name, program, port, environment, folder }, signal);
    apps.push(app);
    return app;
  };
  const [settings, notifier] = await Promise.all([
    start('settings', settingsPort),
    start('notifier', notifierPort),
  ]);
  say('Giving the sample subscribers their settings\n');
  await writeSampleSettings(settings.url);
  const places = { api: settings.url, inbox: servers.INBOX_URL };
  const connection = localConnection(
    servers.KAFKA_BROKERS,
    'demo-switch',
    environment.KAFKA_TOPIC_PREFIX ?? '',
  );
  const missing = await playStory(connection, places, signal);
  if (check) return missing;
  process.stdout.write(whereToLook(servers.INBOX_URL, settings.url, notifier.url));
  await playDay(connection, signal);
  return missing;
}

function whereToLook(inbox: string, settings: string, notifier: string): string {
  return `
Look around while calls keep coming in (Ctrl-C ends the demo):
  the mails           ${inbox}
  settings API        ${settings}/docs   (Authorization: Bearer ${DEMO_TOKEN})
  notifier's metrics  ${notifier}/metrics
  operator's commands env $(cat ${path.relative(process.cwd(), environmentFile)}) npm run ops -- why demo-1
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
// Open connections to stopped servers would keep the process alive.
process.exit();
