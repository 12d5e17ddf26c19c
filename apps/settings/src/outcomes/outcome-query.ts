import { z } from 'zod';
import { parseRfc3339 } from '#events';
import { addProblem } from '#rules';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

const time = z
  .string()
  .meta({ format: 'date-time', description: 'RFC 3339 with an offset' })
  .transform((text, context) => {
    const ms = parseRfc3339(text);
    if (ms !== undefined) return ms;
    const message = 'expected a time as RFC 3339 with an offset, like 2026-11-21T10:00:00+09:00';
    addProblem(context, { code: 'time', message });
    return z.NEVER;
  });

/** The query of a number's outcomes. */
export const outcomeQuery = z.strictObject({
  from: time.exactOptional().meta({ description: 'Not before this time, by the event itself' }),
  to: time.exactOptional().meta({ description: 'Not after this time' }),
  limit: z
    .string()
    .optional()
    // As readers of the description see it; in a query everything is text.
    .meta({
      description: 'How many',
      type: 'integer',
      minimum: 1,
      maximum: MAX_LIMIT,
      default: DEFAULT_LIMIT,
    })
    .transform((text = String(DEFAULT_LIMIT), context) => {
      if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_LIMIT) return Number(text);
      const message = `expected a whole number from 1 to ${MAX_LIMIT}`;
      addProblem(context, { code: 'limit', message });
      return z.NEVER;
    }),
  cursor: z.string().exactOptional().meta({ description: 'The `nextCursor` of the page before' }),
});

/** The query of one event's outcome. */
export const eventQuery = z.strictObject({
  source: z.string().exactOptional().meta({ description: 'Whose event, when several used the same id' }),
});
