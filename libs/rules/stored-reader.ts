import type { z } from 'zod';
import { compileCheck } from '#events';

/**
 * A reader of values that this program, or an earlier one, has stored. Returns the value itself when it has every
 * field, with the schema's defaults when some were added later, and `undefined` when it is something else. The check
 * for the first case is compiled, because nearly everything that is read was written by this version.
 */
export function storedReader<T>(schema: z.ZodType<T>): (value: unknown) => T | undefined {
  let isWhole: ReturnType<typeof compileCheck<T>> | undefined;
  return (value) => {
    isWhole ??= compileCheck(schema, 'output');
    return isWhole(value) ? value : schema.safeParse(value).data;
  };
}
