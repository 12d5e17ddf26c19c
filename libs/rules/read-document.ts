import type { z } from 'zod';
import type { Problem } from '#events';

export type ReadDocument<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly Problem[] };

/** Reads a parsed JSON body by a schema; every error with its path (`recipients.0.address`, empty for the whole), a code and English for the operator. */
export function readDocument<T>(schema: z.ZodType<T>, body: unknown): ReadDocument<T> {
  const read = schema.safeParse(body, { reportInput: true });
  return read.success
    ? { ok: true, value: read.data }
    : { ok: false, errors: read.error.issues.flatMap(problemsOf) };
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map(String);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key].join('.'),
        code: 'unknown-field',
        message: 'there is no such field',
      }));
    case 'invalid_type':
      return issue.input === undefined
        ? [{ path: path.join('.'), code: 'required', message: `expected ${issue.expected}, got nothing` }]
        : [{ path: path.join('.'), code: 'type', message: `expected ${issue.expected}` }];
    case 'custom':
      return [{ path: path.join('.'), code: String(issue.params?.['code']), message: issue.message }];
    default:
      return [{ path: path.join('.'), code: issue.code.replaceAll('_', '-'), message: issue.message }];
  }
}
