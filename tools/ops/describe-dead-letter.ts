import { japanTime } from '#events';
import { textOf, viewDeadLetter, type DeadLetter, type DeadLetterView } from '#operations';
import { visible } from './text.ts';

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
  const { topic, value, reading } = viewDeadLetter(letter, topicPrefix, now);
  const from = `${origin.topic || 'unknown'}, partition ${origin.partition}, offset ${origin.offset}`;
  return [
    `dead letter  ${id}`,
    `kept         ${japanTime(at)}, attempts before: ${attempts}`,
    `reason       ${reason}`,
    `error        ${error}`,
    `state        ${handlingText(letter)}`,
    `came from    ${from}`,
    ...(letter.cut ? [`cut          only its beginning is kept, it had ${letter.cut} bytes`] : []),
    `key          ${record.key === null ? 'none' : textOf(record.key)}`,
    '',
    'headers',
    ...Object.entries(record.headers).flatMap(headerLines),
    '',
    ...valueLines(value, record.value?.length ?? 0),
    '',
    'as this version reads it',
    ...readingLines(reading),
    ...(event.id ? ['', `what became of the event:  npm run ops -- why ${event.id}`] : []),
    ...(topic && !letter.cut ? [`to replay it:              npm run ops -- dlq replay ${id}`] : []),
  ].map(visible);
}

function headerLines([name, value]: [string, DeadLetter['record']['headers'][string]]): string[] {
  const values = Array.isArray(value) ? value : [value ?? null];
  return values.map((one) => `  ${name}: ${textOf(one)}`);
}

function valueLines(value: DeadLetterView['value'], bytes: number): string[] {
  switch (value.form) {
    case 'none':
      return ['value: none (a tombstone)'];
    case 'hidden':
      return [`value (not JSON, ${bytes} bytes): not shown, it may hold a secret`];
    case 'json':
      return [`value (JSON, ${bytes} bytes)`, ...value.text.split('\n').map((line) => `  ${line}`)];
    case 'text':
      return [`value (not JSON, ${bytes} bytes)`, `  ${value.text}`];
  }
}

function readingLines(reading: DeadLetterView['reading']): string[] {
  switch (reading.replay) {
    case 'cut':
      return ['  it is cut and cannot be replayed: ask its source to publish it again'];
    case 'foreign':
      return ['  it did not come by a topic of events of this installation'];
    case 'works':
      return ['  no problems: a replay is processed like any event'];
    case 'fails':
      return [
        ...reading.problems.map(({ path, message }) => `  ${path}: ${message}`),
        '  a replay would end here again',
      ];
  }
}
