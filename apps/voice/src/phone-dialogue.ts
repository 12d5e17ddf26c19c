import { randomBytes } from 'node:crypto';
import type { Counter } from 'prom-client';
import { beginDialogue, nextStep, type CallStore, type DialledPassword, type Line } from '#access';
import type { SealKey } from '#events';
import type { DialogueSentences } from '#mail';
import type { MetricDeclaration } from '#metrics';
import type { Logger } from '#platform';
import { findCallingLine, type CallingLines } from './calling-line.ts';
import { readCall, writeCall, type KeptCall } from './kept-call.ts';
import { voiceDocument } from './voice-document.ts';

const CALL_ENDS = ['done', 'wrongTooOften', 'refused', 'expired', 'unavailable'] as const;
type CallEnd = (typeof CALL_ENDS)[number];

/** How calls end. */
export const DIALOGUE_CALLS: MetricDeclaration<'result'> = {
  name: 'notify_dialogue_calls_total',
  type: 'counter',
  help: 'Calls that dialled a temporary password, by how they ended',
  labels: { result: CALL_ENDS },
};

/** What the dialogue is made of. */
export interface DialogueParts extends CallingLines {
  readonly calls: CallStore;
  /**
   * Sets the temporary password of a number of the line; harmless when repeated. False when the caller may not, because
   * the line's unit is another by now. Rejects when it could not be set.
   */
  readonly setTemporaryPassword: (line: Line, dialled: DialledPassword) => Promise<boolean>;
  /** The first one seals passwords between two steps. */
  readonly sealKeys: readonly [SealKey, ...SealKey[]];
  readonly logger: Logger;
  readonly ends: Pick<Counter<'result'>, 'inc'>;
}

/** What the caller pressed at one document. */
interface Entry {
  readonly call: string;
  readonly step: number;
  /** Empty when there was no input, or none that matched. */
  readonly keys: string;
}

/** The dialogue of A2 as VoiceXML documents. Neither method ever rejects: an error is a document too. */
export interface PhoneDialogue {
  /** The first document for a caller, as the media server got its number; empty when withheld. */
  begin(caller: string): Promise<string>;
  /** The document after an entry. An entry at a step already taken gets the latest document once more. */
  goOn(entry: Entry): Promise<string>;
}

/** Creates the dialogue. */
export function createPhoneDialogue(parts: DialogueParts): PhoneDialogue {
  return {
    begin: (caller) => begin(parts, caller).catch((error: unknown) => unavailable(parts, error)),
    goOn: (entry) => goOn(parts, entry).catch((error: unknown) => unavailable(parts, error)),
  };
}

async function begin(parts: DialogueParts, caller: string): Promise<string> {
  const line = await findCallingLine(parts, caller);
  if (line === undefined) return end(parts, 'refused');
  const id = randomBytes(16).toString('hex');
  const call = { brand: line.brand, step: 1, turn: beginDialogue(line) };
  await parts.calls.swap(id, undefined, writeCall(call, id, parts.sealKeys));
  return documentOf(parts, id, call);
}

async function goOn(parts: DialogueParts, { call: id, step, keys }: Entry): Promise<string> {
  const { calls, sealKeys } = parts;
  const text = /^[0-9a-f]{32}$/.test(id) ? await calls.read(id) : undefined;
  const call = text === undefined ? undefined : readCall(text, id, sealKeys);
  if (text === undefined || call === undefined) return end(parts, 'expired');
  const { state } = call.turn;
  if (state === undefined || step !== call.step) return finish(parts, id, { call, text });
  const next = { ...call, step: step + 1, turn: nextStep(state, keys) };
  const nextText = writeCall(next, id, sealKeys);
  // Another post of this step was faster: what it came to holds.
  if (!(await calls.swap(id, text, nextText))) return goOn(parts, { call: id, step, keys });
  if (next.turn.state === undefined && !next.turn.done) parts.ends.inc({ result: 'wrongTooOften' });
  return finish(parts, id, { call: next, text: nextText });
}

/**
 * Sets the password that a call has come to, then forgets it. In this order a process that dies in between leaves it to
 * the repeated post. What the caller may is asked again, since a call can outlast a change of its line.
 */
async function finish(
  parts: DialogueParts,
  id: string,
  { call, text }: { readonly call: KeptCall; readonly text: string },
): Promise<string> {
  const { done, ...turn } = call.turn;
  if (done === undefined) return documentOf(parts, id, call);
  const line = await findCallingLine(parts, done.caller);
  const isSet = line?.numbers.includes(done.number) && (await parts.setTemporaryPassword(line, done));
  if (!isSet) return end(parts, 'refused', call.brand);
  const finished = { ...call, turn };
  if (await parts.calls.swap(id, text, writeCall(finished, id, parts.sealKeys)))
    parts.ends.inc({ result: 'done' });
  return documentOf(parts, id, finished);
}

function documentOf(parts: DialogueParts, id: string, { brand, step, turn }: KeptCall): string {
  const asking = turn.state && { question: turn.state.question, call: id, step };
  return voiceDocument(turn.say, sentencesOf(parts, brand), asking);
}

function end(parts: DialogueParts, name: Exclude<CallEnd, 'done'>, brand?: string): string {
  parts.ends.inc({ result: name });
  return voiceDocument([{ name }], sentencesOf(parts, brand));
}

/** The sentences of a brand; where none is known, those of the first one. */
function sentencesOf({ brands }: DialogueParts, id = ''): DialogueSentences {
  const [first] = brands.values();
  const brand = brands.get(id) ?? first;
  if (brand === undefined) throw new TypeError('expected at least one brand');
  return brand.dialogue;
}

/** A media server would make its own noise of any status but 200, so the caller is told in words. */
function unavailable(parts: DialogueParts, error: unknown): string {
  const isOutage = error instanceof Error && 'retryable' in error && error.retryable === true;
  parts.logger[isOutage ? 'warn' : 'error']({ err: error }, 'a call could not be served');
  return end(parts, 'unavailable');
}
