import { z } from 'zod';
import {
  NO_ACCOUNT,
  readAccount,
  UNITS,
  type Access,
  type Change,
  type Group,
  type Place,
  type SelfCareProfile,
} from '#access';
import { storedReader } from '#rules';
import { broken, masked, newVersion, parseJson } from '../stored-text.ts';

/** The fields of a group's hash: texts by name. */
export type AccessFields = ReadonlyMap<string, string | null>;

/** The field of an account, by its number or id. */
export const accountField = (name: string): string => `n:${name}`;

/** The fields that `accessFrom` needs for the accounts of these names. */
export function fieldsOf(names: readonly string[]): string[] {
  return [...new Set(['unit', 'profile', ...names.map(accountField)])];
}

const readStored = storedReader(z.looseObject({ version: z.string(), value: z.unknown() }));
const readUnit = storedReader(z.enum(UNITS));
const readProfile: (value: unknown) => SelfCareProfile | undefined = storedReader(
  z.object({
    brand: z.string(),
    numbers: z.array(z.string()),
    address: z.string(),
    service: z.enum(['ip-phone', 'b2bua']),
  }),
);
const readPlace = storedReader(
  z.object({
    group: z.templateLiteral([z.enum(['line', 'self-care', 'ip-phone', 'unknown']), ':', z.string()]),
    name: z.string(),
  }),
);

/** Reads a group's accounts from its fields; throws `DOCUMENT_BROKEN`. */
export function accessFrom(group: Group, names: readonly string[], fields: AccessFields): Access {
  const value = <T>(field: string, what: string, read: (value: unknown) => T | undefined): T | null => {
    const text = fields.get(field) ?? null;
    return text === null ? null : readField(text, what, read);
  };
  const accounts = names.map((name) => {
    const account = value(accountField(name), `the account of ${masked(name)}`, readAccount);
    return [name, account ?? NO_ACCOUNT] as const;
  });
  return {
    unit: value('unit', `the unit of ${masked(group)}`, readUnit),
    profile: value('profile', `the profile of ${masked(group)}`, readProfile),
    accounts: new Map(accounts),
  };
}

function readField<T>(text: string, what: string, read: (value: unknown) => T | undefined): T {
  const stored = readStored(parseJson(text, what));
  const value = stored && read(stored.value);
  if (value === undefined) throw broken(what);
  return value;
}

/** The fields that a change writes, each text with a new version, so that equal texts are of one writer. */
export function changedFields({
  unit,
  profile,
  accounts,
}: Pick<Change<unknown>, 'unit' | 'profile' | 'accounts'>): AccessFields {
  const values: [string, unknown][] = [
    ['unit', unit],
    ['profile', profile],
    ...[...(accounts ?? [])].map(([name, account]): [string, unknown] => [accountField(name), account]),
  ];
  return new Map(
    values
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [
        field,
        value === null ? null : JSON.stringify({ version: newVersion(), value }),
      ]),
  );
}

/** The text of a place. */
export const placeText = ({ group, name }: Place): string => JSON.stringify({ group, name });

/** Reads a place from its text; throws `DOCUMENT_BROKEN`. */
export function placeFrom(text: string): Place {
  const what = 'the place of an account';
  const place = readPlace(parseJson(text, what));
  if (!place) throw broken(what);
  return place;
}
