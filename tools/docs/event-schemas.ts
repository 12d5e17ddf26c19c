import { z } from 'zod';
import { RECIPIENT_STATES } from '#delivery';
import { EVENT_TYPES, type EventType } from '#events';
import { REASONS } from '#rules';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema of every `ce_type`'s data: draft 7, which AsyncAPI's own schemas extend. */
export function eventJsonSchemas(): readonly (readonly [EventType, JsonSchema])[] {
  return Object.entries(EVENT_TYPES).map(([type, { schema }]) => [
    type as EventType,
    z.toJSONSchema(schema, { io: 'input', target: 'draft-7', override: nameClosedLists }),
  ]);
}

/** libs/events accepts unknown reasons and states; the published schema lists the ones that exist today. */
function nameClosedLists({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  const { reason, state } = jsonSchema.properties ?? {};
  if (typeof reason === 'object') reason.enum = [...REASONS];
  if (typeof state === 'object') state.enum = [...RECIPIENT_STATES];
}
