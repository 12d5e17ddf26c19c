/**
 * The contender for mailing: what a user would write instead, without Kafka, Redis or a ledger. nodemailer's pool
 * composes and sends the mails in a loop; subject, text and HTML are given. Arguments: port, number of mails, file with
 * `{ "from", "subject", "text", "html" }`, connections. Prints `{ "events", "seconds" }`.
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
  // Twice as many as connections, so that none waits for the loop.
  await Promise.all(Array.from({ length: Number(connections) * 2 }, work));
}

await send(Number(count) / 10);
const started = performance.now();
await send(Number(count));
const seconds = (performance.now() - started) / 1000;
pool.close();
process.stdout.write(`${JSON.stringify({ events: Number(count), seconds })}\n`);
