import { decode, japanTime, SOURCE_TOPICS, TOPICS } from '#events';
import type { DeadLetter } from './dead-letter.ts';
import { visible } from './text.ts';

/** Fields that may hold a secret which should have been sealed (O5). */
const SECRET_FIELDS = new Set(['secret', 'code', 'link', 'password']);

/** One line of the list: id, time, reason, origin, event, error, and what was done about it. */
export function deadLetterLine(letter: DeadLetter): string {
  const { id, at, reason, origin, event, error, cut } = letter;
  const place = `${origin.topic}/${origin.partition}/${origin.offset}`;
  const done = letter.handled ? [`[${handlingText(letter)}]`] : [];
  const size = cut ? [`cut, had ${cut} bytes`] : [];
  return visible([id, japanTime(at), reason, place, event.id || '-', ...size, error, ...done].join('  '));
}

/** What was done about it, or that it is waiting. */
function handlingText({ handled }: DeadLetter): string {
  return handled ? `${handled.how} ${japanTime(handled.at)}` : 'waits for a person';
}

/** Describes a dead letter in full, line by line, without unsealing secrets. `now` is in epoch milliseconds. */
export function describeDeadLetter(letter: DeadLetter, topicPrefix: string, now: number): string[] {
  const { id, at, reason, error, attempts, origin, event, record } = letter;
  const topic = SOURCE_TOPICS.find((one) => topicPrefix + one === origin.topic);
  const from = `${origin.topic || 'unknown'}, partition ${origin.partition}, offset ${origin.offset}`;
  return [
    `dead letter  ${id}`,
    `kept         ${japanTime(at)}, attempts before: ${attempts}`,
    `reason       ${reason}`,
    `error        ${error}`,
    `state        ${handlingText(letter)}`,
    `came from    ${from}`,
    ...(letter.cut ? [`cut          only its beginning is kept, it had ${letter.cut} bytes`] : []),
    `key          ${record.key === null ? 'none' : text(record.key)}`,
    '',
    'headers',
    ...Object.entries(record.headers).flatMap(headerLines),
    '',
    ...valueLines(record.value, topic === undefined || TOPICS[topic].family === 'access'),
    '',
    'as this version reads it',
    ...readingLines(letter, topic, now),
    ...(event.id ? ['', `what became of the event:  npm run ops -- why ${event.id}`] : []),
    ...(topic && !letter.cut ? [`to replay it:              npm run ops -- dlq replay ${id}`] : []),
  ].map(visible);
}

function headerLines([name, value]: [string, DeadLetter['record']['headers'][string]]): string[] {
  const values = Array.isArray(value) ? value : [value ?? null];
  return values.map((one) => `  ${name}: ${text(one)}`);
}

/** With `maySecret`, a value that is not JSON is not shown: it might hold an unsealed code or link. */
function valueLines(value: Buffer | null, maySecret: boolean): string[] {
  if (value === null) return ['value: none (a tombstone)'];
  const size = `${value.length} bytes`;
  try {
    const json: unknown = JSON.parse(value.toString());
    const shown = JSON.stringify(json, maySecret ? withoutSecrets : undefined, 2);
    return [`value (JSON, ${size})`, ...shown.split('\n').map((line) => `  ${line}`)];
  } catch {
    return maySecret
      ? [`value (not JSON, ${size}): not shown, it may hold a secret`]
      : [`value (not JSON, ${size})`, `  ${text(value)}`];
  }
}

function withoutSecrets(name: string, value: unknown): unknown {
  return SECRET_FIELDS.has(name) ? '(not shown)' : value;
}

function readingLines({ record, cut }: DeadLetter, topic: string | undefined, now: number): string[] {
  if (cut) return ['  it is cut and cannot be replayed: ask its source to publish it again'];
  if (!topic) return ['  it did not come by a topic of events of this installation'];
  const read = decode({ ...record, topic, timestamp: now });
  if (read.ok) return ['  no problems: a replay is processed like any event'];
  return [
    ...read.problems.map(({ path, message }) => `  ${path}: ${message}`),
    '  a replay would end here again',
  ];
}

/** Valid UTF-8 as text, other bytes in hexadecimal. */
function text(value: Buffer | string | null): string {
  if (value === null) return '(no value)';
  if (typeof value === 'string') return value;
  const read = value.toString();
  return Buffer.from(read).equals(value) ? read : `0x${value.toString('hex')}`;
}
