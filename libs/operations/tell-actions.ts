import type { RecordedAction } from '#events';
import type { Publisher } from '#kafka';
import type { ActionOutbox } from '#redis';
import { encodeAction } from './action-log.ts';

const PUBLISH_MS = 10_000;
/** Longer than publishing takes: whoever took records has published or given up by then. */
const HOLD_MS = 30_000;

/** Where records come from and go to. */
export interface TellActionsDeps {
  readonly outbox: Pick<ActionOutbox, 'take' | 'remove'>;
  readonly publisher: Pick<Publisher, 'publish'>;
}

/**
 * Publishes what operators did, as far as it is due. Several processes may do so at once; one that dies in between leaves
 * a record that is published twice, with the same id. Rejects when Redis or Kafka is away.
 */
export async function tellActions(deps: TellActionsDeps, signal: AbortSignal): Promise<void> {
  while ((await tellSome(deps)) > 0 && !signal.aborted);
}

/** Publishes what is due, as far as it is taken at once; resolves with how many that were. */
async function tellSome({ outbox, publisher }: TellActionsDeps): Promise<number> {
  const texts = await outbox.take(HOLD_MS);
  if (texts.length === 0) return 0;
  const records = texts.map((text) => encodeAction(JSON.parse(text) as RecordedAction));
  await publisher.publish(records, { withinMs: PUBLISH_MS });
  await outbox.remove(texts);
  return texts.length;
}
