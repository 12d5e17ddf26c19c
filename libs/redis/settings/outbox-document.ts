import { z } from 'zod';
import { storedReader } from '#rules';
import { EMPTY_OUTBOX, type Outbox, type SwitchPlace } from '#settings';
import { broken, masked, parseJson } from '../stored-text.ts';

const readStored: (value: unknown) => Outbox | undefined = storedReader(
  z.looseObject({
    sequence: z.number(),
    settings: z.number().exactOptional(),
    commands: z.array(
      z.looseObject({ sequence: z.number(), action: z.enum(['start', 'stop']), at: z.number() }),
    ),
    claim: z.looseObject({ token: z.string(), until: z.number() }).exactOptional(),
    again: z.number().exactOptional(),
  }),
);

/** Reads what the switch has to be told of a place; throws `DOCUMENT_BROKEN`. */
export function parseOutbox(text: string | null, place: SwitchPlace): Outbox {
  if (text === null) return EMPTY_OUTBOX;
  const what = `what the switch has to be told of ${masked(place)}`;
  const outbox = readStored(parseJson(text, what));
  if (!outbox) throw broken(what);
  return outbox;
}
