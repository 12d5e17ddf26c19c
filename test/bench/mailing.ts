import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import PostalMime from 'postal-mime';
import { BRANDS_DIR, COMPILED_TEMPLATES_DIR, createComposer, loadBrands } from '#mail';
import { BENCH_SEAL_KEY } from './bench-servers.ts';
import { benchNumber } from './call-load.ts';
import { runContender } from './contender.ts';
import { mailCalls } from './mail-calls.ts';
import { CONNECTIONS } from './measured-notifier.ts';
import type { Figures } from './figures.ts';
import type { MailScene, Scene } from './scenario.ts';
import { startSmtpSink } from './smtp-sink.ts';
import { runSmtpSource } from './smtp-source.ts';
import { median, ratios, rounded } from './statistics.ts';
import type { NotifierRun } from './watch-notifiers.ts';

/** A mail as the notifier composes it for the bench's calls. */
export function sampleMail(): { readonly from: string; readonly message: Buffer } {
  const composer = createComposer({
    templatesDir: COMPILED_TEMPLATES_DIR,
    brands: loadBrands(BRANDS_DIR),
    tokenKey: BENCH_SEAL_KEY.key,
    now: Date.now,
  });
  const number = benchNumber(0);
  const event = {
    kind: 'call',
    source: 'bench-switch',
    id: 'sample',
    at: Date.now(),
    lineNumber: number,
    calledNumber: number,
    caller: { number: '09011000000' },
    ringSeconds: 12,
    outcome: 'unanswered',
  } as const;
  return composer.compose({ event }, 'ntt-east', `${number}@example.jp`);
}

/** Measures mailing, compared to a nodemailer pool in a loop and to Postfix's `smtp-source` in C. */
export async function mailing(scene: MailScene): Promise<Figures> {
  const { servers, size, say, postfix } = scene;
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  const sink = await startSmtpSink(postfix);
  const sample = sampleMail();
  const runs: Runs = { ours: [], nodemailer: [], source: [] };
  try {
    const file = path.join(folder, 'mail.json');
    const { subject, text, html } = await PostalMime.parse(sample.message);
    await writeFile(file, JSON.stringify({ from: sample.from, subject, text, html }));
    for (let round = 1; round <= size.rounds; round += 1) {
      say(`Mailing, round ${round} of ${size.rounds}`);
      const run = { name: `mailing-${round}`, mails: size.mails, smtpPort: sink.port };
      runs.ours.push(await mailCalls(servers, run));
      const args = [sink.port, size.nodemailerMails, file, CONNECTIONS];
      runs.nodemailer.push(await runContender('nodemailer-loop.ts', args));
      const plan = { mails: size.mails, bytes: sample.message.length, connections: CONNECTIONS };
      runs.source.push(await runSmtpSource(postfix, sink.port, plan));
    }
  } finally {
    await sink.close();
    await rm(folder, { recursive: true });
  }
  return figures(scene, runs, sample.message.length);
}

interface Runs {
  readonly ours: NotifierRun[];
  readonly nodemailer: number[];
  readonly source: number[];
}

function figures({ report, chart }: Scene, runs: Runs, bytes: number): Figures {
  const ours = runs.ours.map(({ eventsPerSecond }) => eventsPerSecond);
  const cost = runs.ours.map(({ cpuSecondsPerMillion }) => cpuSecondsPerMillion);
  chart.add('mailing', runs.ours[0]?.samples ?? []);
  report.add(`nodemailer pool in a loop, ${bytes} bytes`, runs.nodemailer, 'mails/s');
  report.add('smtp-source', runs.source, 'mails/s');
  report.add('mailing: from the event to the outcome', ours, 'mails/s');
  report.add('mailing ÷ nodemailer pool', ratios(ours, runs.nodemailer), '×', 2);
  report.add('mailing ÷ smtp-source', ratios(ours, runs.source), '×', 2);
  report.add(
    'mailing: resident memory, most',
    runs.ours.map(({ residentMB }) => residentMB),
    'MB',
  );
  report.add('mailing: CPU for a million mails', cost, 's', 1);
  return {
    mailing: {
      mailsPerSecond: rounded(median(ours)),
      vsNodemailerPool: rounded(median(ratios(ours, runs.nodemailer)), 3),
      vsSmtpSource: rounded(median(ratios(ours, runs.source)), 3),
    },
    cost: { cpuSecondsPerMillionMailed: rounded(median(cost), 1) },
  };
}
