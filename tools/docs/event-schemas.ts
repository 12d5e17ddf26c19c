import { z } from 'zod';
import { RECIPIENT_STATES } from '#delivery';
import { EVENT_TYPES, type EventType } from '#events';
import { REASONS } from '#rules';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What stands in Kafka for every `ce_type`, as JSON Schema draft 7, which AsyncAPI's own schemas extend. */
export function eventJsonSchemas(): readonly (readonly [EventType, JsonSchema])[] {
  return Object.entries(EVENT_TYPES).map(([type, { schema }]) => [
    type as EventType,
    z.toJSONSchema(schema, { io: 'input', target: 'draft-7', override: nameClosedLists }),
  ]);
}

/** libs/events reads outcomes with open lists; whoever wants to act on them is told what may stand there today. */
function nameClosedLists({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  const { reason, state } = jsonSchema.properties ?? {};
  if (typeof reason === 'object') reason.enum = [...REASONS];
  if (typeof state === 'object') state.enum = [...RECIPIENT_STATES];
}
