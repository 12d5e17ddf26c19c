import type { z } from 'zod';
import { eventReader, type EventReader } from './event-reader.ts';
import type { SourceTopic, TopicName } from './topics.ts';

/** Defines a `ce_type`: the topic of its events, the schema of their data, and how they are read. */
export interface EventDefinition<Schema extends z.ZodType, Body> {
  /** The topic that they are published to. */
  readonly topic: TopicName;
  /** Describes their data as they are in Kafka. */
  readonly schema: Schema;
  /** Converts valid data, and drops what the schema does not name: it would only take memory. */
  readonly toBody: (data: z.output<Schema>) => Body;
  /** The data of one of them, for the documentation. */
  readonly example: z.input<Schema>;
}

/** A `ce_type` whose events become mail. */
export interface NotifyDefinition<
  Schema extends z.ZodType,
  Body extends { readonly kind: string },
> extends EventDefinition<Schema, Body> {
  readonly topic: SourceTopic;
  /** Every kind that its events may be of. */
  readonly kinds: readonly Body['kind'][];
  /** The field of the data that is read as `at`. */
  readonly timeField: string & keyof z.input<Schema>;
}

/** Adds a reader of the data to the definition of a `ce_type`. */
export function defineEvent<Schema extends z.ZodType, Body>(
  definition: EventDefinition<Schema, Body>,
): EventDefinition<Schema, Body> & { readonly read: EventReader<Body> } {
  return { ...definition, read: readerOf(definition) };
}

/** The same for a `ce_type` whose events become mail. */
export function defineNotifyEvent<Schema extends z.ZodType, Body extends { readonly kind: string }>(
  definition: NotifyDefinition<Schema, Body>,
): NotifyDefinition<Schema, Body> & { readonly read: EventReader<Body> } {
  return { ...definition, read: readerOf(definition) };
}

function readerOf<Schema extends z.ZodType, Body>({
  schema,
  toBody,
}: EventDefinition<Schema, Body>): EventReader<Body> {
  return eventReader<z.output<Schema>, Body>(schema as z.ZodType<z.output<Schema>>, toBody);
}
