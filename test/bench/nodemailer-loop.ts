/**
 * The baseline for mailing, without Kafka, Redis or a ledger: nodemailer's pool composes and sends mails in a loop.
 * Arguments: port, number of mails, file with `{ "from", "subject", "text", "html" }`, connections. Prints
 * `{ "events", "seconds" }`.
 */
import { readFileSync } from 'node:fs';
import nodemailer from 'nodemailer';

const [port = '0', count = '0', file = '', connections = '1'] = process.argv.slice(2);
const mail = JSON.parse(readFileSync(file, 'utf8')) as Record<'from' | 'subject' | 'text' | 'html', string>;
const pool = nodemailer.createTransport({
  pool: true,
  host: '127.0.0.1',
  port: Number(port),
  maxConnections: Number(connections),
  maxMessages: Infinity,
  ignoreTLS: true,
});

async function send(mails: number): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < mails) {
      next += 1;
      await pool.sendMail({ ...mail, to: `a${next}@example.jp` });
    }
  };
  // Twice as many workers as connections, so that no connection is idle.
  await Promise.all(Array.from({ length: Number(connections) * 2 }, work));
}

await send(Number(count) / 10);
const started = performance.now();
await send(Number(count));
const seconds = (performance.now() - started) / 1000;
pool.close();
process.stdout.write(`${JSON.stringify({ events: Number(count), seconds })}\n`);
