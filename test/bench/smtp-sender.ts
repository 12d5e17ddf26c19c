import nodemailer from 'nodemailer';
import { createSmtpSender, type ComposedMail } from '#mail';
import { findPostfixTools, type PostfixTools } from './postfix-tools.ts';
import { startSmtpSink } from './smtp-sink.ts';
import { runSmtpSource } from './smtp-source.ts';
import { median } from './statistics.ts';

/** A sender's speed; `cpuMs` is its CPU time for a mail, null when it runs in another process. */
interface SendingSpeed {
  readonly mailsPerSecond: number;
  readonly cpuMs: number | null;
}

const CONNECTIONS = 20;
const HEADER = 'From: b@example.jp\r\nTo: a@example.jp\r\nSubject: test\r\nMIME-Version: 1.0\r\n';
/** 9 KB, like a notice with text and HTML. */
const MESSAGE = Buffer.from(`${HEADER}\r\n${`${'x'.repeat(76)}\r\n`.repeat(115)}`);

function mailTo(index: number): ComposedMail {
  const to = `a${index}@example.jp`;
  return { from: 'bounce+t@b.example.jp', to, messageId: `<${index}@example.jp>`, message: MESSAGE };
}

async function measure(mails: number, send: (mail: ComposedMail) => Promise<unknown>): Promise<SendingSpeed> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < mails) {
      next += 1;
      await send(mailTo(next));
    }
  };
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  const seconds = (performance.now() - before) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { mailsPerSecond: mails / seconds, cpuMs: (user + system) / 1000 / mails };
}

/** Measures our sender. */
async function measureSmtpSender(port: number, mails: number): Promise<SendingSpeed> {
  const server = { host: '127.0.0.1', port, secure: false, requireTLS: false };
  const sender = createSmtpSender({ server, connections: CONNECTIONS });
  try {
    return await measure(mails, async (mail) => {
      const { kind } = await sender.send(mail, () => Promise.resolve());
      if (kind !== 'accepted') throw new Error(`A mail of the measurement ended as ${kind}`);
    });
  } finally {
    await sender.close();
  }
}

/** Measures nodemailer's pool with the same composed messages. */
async function measureNodemailerPool(port: number, mails: number): Promise<SendingSpeed> {
  const pool = nodemailer.createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    maxConnections: CONNECTIONS,
    maxMessages: Infinity,
    ignoreTLS: true,
  });
  try {
    return await measure(mails, ({ from, to, message }) =>
      pool.sendMail({ envelope: { from, to }, raw: message }),
    );
  } finally {
    pool.close();
  }
}

async function measureSmtpSource(tools: PostfixTools, port: number, mails: number): Promise<SendingSpeed> {
  const run = { mails, bytes: MESSAGE.length, connections: CONNECTIONS };
  return { mailsPerSecond: await runSmtpSource(tools, port, run), cpuMs: null };
}

function show(name: string, speeds: readonly SendingSpeed[]): void {
  const cpu = median(speeds.flatMap(({ cpuMs }) => cpuMs ?? []));
  const rate = median(speeds.map(({ mailsPerSecond }) => mailsPerSecond));
  console.log(
    `${name.padEnd(18)} ${rate.toFixed(0).padStart(7)} mails/s  ${Number.isNaN(cpu) ? '' : `${cpu.toFixed(3)} ms CPU a mail`}`,
  );
}

async function main(rounds: number): Promise<void> {
  const tools = await findPostfixTools(console.error);
  if (!tools) throw new Error("Postfix's smtp-sink is not there");
  const sink = await startSmtpSink(tools);
  console.log(`9 KB mails, ${CONNECTIONS} connections, to smtp-sink; medians of ${rounds} alternated runs`);
  const ours: SendingSpeed[] = [];
  const pool: SendingSpeed[] = [];
  const source: SendingSpeed[] = [];
  try {
    await measureSmtpSender(sink.port, 5_000);
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await measureSmtpSender(sink.port, 30_000));
      pool.push(await measureNodemailerPool(sink.port, 5_000));
      source.push(await measureSmtpSource(tools, sink.port, 30_000));
    }
  } finally {
    await sink.close();
  }
  show('this sender', ours);
  show('nodemailer pool', pool);
  show('smtp-source', source);
}

if (import.meta.main) await main(Number(process.argv[2] ?? 3));
