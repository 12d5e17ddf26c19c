import { randomUUID } from 'node:crypto';
import { handledMark, replayOf, type Handling, type OutgoingRecord, type Publisher } from '#kafka';
import { encodeAction, type BegunAction } from './action-log.ts';
import type { DeadLetter } from './dead-letter.ts';

/** Replays published in one batch. */
const AT_ONCE = 500;

/** What dead letters are handled with, and by whom. */
export interface HandlingDeps {
  readonly publisher: Pick<Publisher, 'publish'>;
  /** `KAFKA_TOPIC_PREFIX`. */
  readonly topicPrefix: string;
  readonly operator: Pick<BegunAction, 'by' | 'door' | 'address'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What became of the replay of a dead letter: the topic that has it again, or why it was not published. */
export type Replayed = { readonly letter: DeadLetter } & (
  { readonly topic: string } | { readonly problem: string }
);

/**
 * Publishes dead letters again to the topics they first came from, then the marks that they were handled; yields each
 * when Kafka has both. If it dies in between, they still wait, and replaying them again sends nothing twice (ADR 0008,
 * ADR 0014). Who did it is recorded with the replay (ADR 0033). `copies` are all dead letters that Kafka holds. Throws a
 * `KafkaError`.
 */
export async function* replayDeadLetters(
  deps: HandlingDeps,
  letters: readonly DeadLetter[],
  copies: readonly DeadLetter[],
): AsyncGenerator<Replayed> {
  const { publisher, topicPrefix } = deps;
  for (let from = 0; from < letters.length; from += AT_ONCE) {
    const part = letters
      .slice(from, from + AT_ONCE)
      .map((letter) => ({ letter, replay: replayOf(letter.record, topicPrefix) }));
    const replays = part.flatMap(({ replay }) => ('record' in replay ? [replay.record] : []));
    const actions = part.map(({ letter, replay }) =>
      actionOf(deps, 'replay-dead-letter', letter, 'record' in replay ? undefined : 'not-replayable'),
    );
    await publisher.publish([...actions, ...replays]);
    await publisher.publish(
      part.flatMap(({ letter, replay }) =>
        'record' in replay ? marksOf(letter, copies, 'replayed', deps.now()) : [],
      ),
    );
    for (const { letter, replay } of part)
      yield { letter, ...('record' in replay ? { topic: replay.record.topic } : replay) };
  }
}

/**
 * Marks dead letters as needing no action, and records who did so: nothing is published again. Rejects with a
 * `KafkaError`.
 */
export async function closeDeadLetters(
  deps: HandlingDeps,
  letters: readonly DeadLetter[],
  copies: readonly DeadLetter[],
): Promise<void> {
  await deps.publisher.publish(
    letters.flatMap((letter) => [
      actionOf(deps, 'close-dead-letter', letter),
      ...marksOf(letter, copies, 'closed', deps.now()),
    ]),
  );
}

function actionOf(
  { operator, now }: HandlingDeps,
  action: BegunAction['action'],
  { id }: DeadLetter,
  code?: string,
): OutgoingRecord {
  const how = code === undefined ? { result: 'done' as const } : { result: 'refused' as const, code };
  return encodeAction({ ...operator, id: randomUUID(), action, subject: id, at: now(), ...how });
}

/** Marks for every partition that holds a copy of a dead letter. */
function marksOf(
  { id }: DeadLetter,
  copies: readonly DeadLetter[],
  handling: Handling,
  at: number,
): OutgoingRecord[] {
  const places = new Map(
    copies.filter((copy) => copy.id === id).map((copy) => [copy.record.partition, copy]),
  );
  return [...places.values()].map(({ record }) => handledMark(record, handling, new Date(at)));
}
