import { randomUUID } from 'node:crypto';
import { japanTimeToTheSecond, NOTIFY_TYPES, type EncodedEvent, type NotifyType } from '#events';
import { checkEvent } from './checked-event.ts';

/** The events of a file, or a message for each problem that names the line. */
export interface EventFile {
  readonly events: readonly EncodedEvent[];
  readonly faults: readonly string[];
}

/**
 * Reads JSON lines, one event each, in CloudEvents' JSON format: `{ "type": "call.v1", "data": { … } }`. `id`,
 * `source`, `time` and `specversion` may be left out. Empty lines and a byte order mark at the start are skipped. `now`
 * is in epoch milliseconds.
 */
export function readEventFile(text: string, source: string, now: number): EventFile {
  const events: EncodedEvent[] = [];
  const faults: string[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const read = readLine(line, source, now);
    if ('event' in read) events.push(read.event);
    else faults.push(...read.faults.map((fault) => `line ${index + 1}: ${fault}`));
  }
  return { events, faults };
}

function readLine(
  line: string,
  source: string,
  now: number,
): { readonly event: EncodedEvent } | { readonly faults: readonly string[] } {
  const written = parseObject(line);
  if (written === undefined) return { faults: ['expected an event as a JSON object'] };
  const { type } = written;
  if (!isType(type)) return { faults: [`type: expected one of ${Object.keys(NOTIFY_TYPES).join(', ')}`] };
  const defaults = {
    specversion: '1.0',
    id: randomUUID(),
    source,
    time: japanTimeToTheSecond(now),
    data: undefined,
  };
  const checked = checkEvent({ ...defaults, ...written, type }, now);
  if (checked.ok) return { event: checked.event };
  return {
    faults: checked.problems.map(({ path, message }) => `${path.replace(/^value\./, '')}: ${message}`),
  };
}

function isType(type: unknown): type is NotifyType {
  return typeof type === 'string' && Object.hasOwn(NOTIFY_TYPES, type);
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
