import { z } from 'zod';

/** What an operator has to know about a variable; `docs/configuration.md` is generated from it. */
export interface VariableFacts {
  readonly description: string;
  /** Describes a valid value, as the text after "expected" in an error message. */
  readonly expected: string;
  /** Its value is never shown, and `NAME_FILE` is accepted too. */
  readonly secret?: boolean;
}

/** The facts about each variable, by its schema. */
export const facts = z.registry<VariableFacts>();

/** A variable of the environment: the schema of its text, and what an operator has to know about it. */
export function variable<S extends z.ZodType>(schema: S, about: VariableFacts): S {
  facts.add(schema, about);
  return schema;
}
