import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openFaxDocuments } from '#fax-documents';
import { build } from '../build.ts';
import { freePorts } from '../stack/free-ports.ts';
import { localConnection } from '../local-connection.ts';
import { readArguments, runCommand, say } from '../run-command.ts';
import { serversDown, serversUp, STACK_FOLDER, type StackAddresses } from '../stack/servers.ts';
import { startApp, type AppProcess, type AppStart } from './app-process.ts';
import { DEMO_TOKEN, demoEnvironment } from './demo-environment.ts';
import { beTheOnlyDemo, demoHasEnded } from './demo-record.ts';
import { emptyInbox } from './inbox.ts';
import { checkServices } from './check-services.ts';
import { playDay } from './play-day.ts';
import { playDeadLetters } from './play-dead-letters.ts';
import { playStory } from './play-story.ts';
import { checkSampleLogins, shownLogins, writeSampleLogins } from './sample-logins.ts';
import { SAMPLE_SELF_CARE, writeSampleSettings } from './sample-subscribers.ts';
import { untilInterrupted } from './until-interrupted.ts';

const USAGE = 'npm run demo [-- --check]\n  --check  check what arrives, print `demo: ok` and exit\n';
/** Time for a graceful stop of the servers, which hold only this demo's data. */
const SERVERS_LIMIT_MS = 3_000;
const folder = path.join(STACK_FOLDER, 'demo');
const faxFolder = path.join(folder, 'faxes');
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
  const inbox = servers.INBOX_URL;
  await emptyInbox(inbox);
  signal.throwIfAborted();
  const { environment, ...urls } = await startApps(servers, apps, signal);
  const places = { ...urls, inbox };
  say('Giving the sample subscribers their settings');
  await writeSampleSettings(places.api);
  say('Giving them their logins, through the pages of the site\n');
  await writeSampleLogins(places, signal);
  await emptyInbox(inbox);
  const connection = localConnection(
    servers.KAFKA_BROKERS,
    'demo-switch',
    environment['KAFKA_TOPIC_PREFIX'] ?? '',
  );
  const documents = openFaxDocuments({ FAX_DOCUMENTS_URL: { kind: 'folder', folder: faxFolder } });
  const missing = [
    ...(await playStory(connection, { ...places, documents }, signal)),
    ...(await playDeadLetters(connection, signal)),
  ];
  if (check) {
    const logins = await checkSampleLogins(places, signal);
    return [...missing, ...logins, ...(await checkServices(connection, places, signal))];
  }
  process.stdout.write(whereToLook(places));
  await playDay(connection, documents, signal);
  return missing;
}

/** Starts every app, adding each to `apps`; resolves with their environment and where they are. */
async function startApps(
  servers: StackAddresses,
  apps: Promise<AppProcess>[],
  signal: AbortSignal,
): Promise<{ environment: Record<string, string> } & Record<'api' | 'notifier' | 'site' | 'voice', string>> {
  const ports = await freePorts(4);
  const [settingsPort = 0, notifierPort = 0, sitePort = 0, voicePort = 0] = ports;
  const environment = demoEnvironment(servers, `http://127.0.0.1:${sitePort}`, faxFolder);
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(environmentFile, lines.join(''), { mode: 0o600 });
  say("Starting the settings API, the notifier, the subscribers' site and its telephone dialogue");
  const start = async (name: AppStart['name'], port: number): Promise<string> => {
    const program = `dist/apps/${name}/src/main.js`;
    const app = startApp({ name, program, port, environment, folder }, signal);
    apps.push(app);
    return (await app).url;
  };
  const [api, notifier, site, voice] = await Promise.all([
    start('settings', settingsPort),
    start('notifier', notifierPort),
    start('site', sitePort),
    start('voice', voicePort),
  ]);
  return { environment, api, notifier, site, voice };
}

function whereToLook({
  api,
  site,
  inbox,
  notifier,
  voice,
}: Readonly<Record<'api' | 'site' | 'inbox' | 'notifier' | 'voice', string>>): string {
  const { id, password, ipPhone, ipPhonePassword } = SAMPLE_SELF_CARE;
  const demo = `env $(cat ${path.relative(process.cwd(), environmentFile)})`;
  return `
Look around while calls keep coming in (Ctrl-C ends the demo):
  subscribers' site   ${site}   (log in with one of these)
${shownLogins()}    what you saw above is in お知らせ履歴; turn ボイスワープ on, and the next calls come forwarded
  self-care           ${site}/self-care
    ${id}  ${password}  its IP phone ${ipPhone} has the password ${ipPhonePassword}
  help                ${site}/help
  the mails           ${inbox}
  settings API        ${api}/docs   (Authorization: Bearer ${DEMO_TOKEN})
  operator's page     ${api}/ops   (log in with the token ${DEMO_TOKEN})
    two dead letters wait under デッドレター: in a minute one can be replayed, and is mailed; close the other one
  notifier's metrics  ${notifier}/metrics
  a telephone         npm run switch -- dial --from 0312345678 --voice ${voice} --token ${DEMO_TOKEN}
  the switch hears    ${demo} npm run switch -- listen
  another dead letter ${demo} npm run switch -- call --called-number 0312345678 --outcome engaged --as-it-is
  operator's commands ${demo} npm run ops -- why demo-1
  logs                ${path.relative(process.cwd(), folder)}/*.log

`;
}

const { check } = readArguments(
  USAGE,
  () => parseArgs({ options: { check: { type: 'boolean', default: false } } }).values,
);
await runCommand(async (signal) => {
  const missing = await demo(check, signal);
  for (const one of missing) say(`missing: ${one}`);
  if (check) process.stdout.write(missing.length === 0 ? 'demo: ok\n' : 'demo: failed\n');
  return check && missing.length > 0 ? 1 : 0;
});
// Open connections to stopped servers would keep the process alive.
process.exit();
