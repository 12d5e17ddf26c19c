import type { z } from 'zod';
import { compileCompletion } from '#events';

/**
 * A reader of parsed JSON that this program, or an earlier one, has stored. Returns the value itself, in which the
 * schema's defaults have taken the place of what was left out or added later, and `undefined` when it is something else.
 * Compiled, because every event is decided by what is read so; zod reads what the compiled form cannot tell.
 */
export function storedReader<T>(schema: z.ZodType<T>): (value: unknown) => T | undefined {
  let isWhole: ReturnType<typeof compileCompletion<T>> | undefined;
  return (value) => {
    isWhole ??= compileCompletion(schema);
    return isWhole(value) ? value : schema.safeParse(value).data;
  };
}
