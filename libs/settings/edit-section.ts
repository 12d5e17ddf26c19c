import {
  limitsOfBrand,
  parseSubscriberNumber,
  readDocument,
  SECTION_INPUTS,
  type NoticeInputRules,
  type NumberSection,
  type NumberSections,
  type OwnLimits,
  type Recipient,
} from '#rules';
import { recipientsOf, stored, type SettingsPart, type Stored } from './notice-warnings.ts';
import { CONFLICT, invalid, notFound, type Conflict, type Invalid, type NotFound } from './refusal.ts';
import type { Precondition, SettingsRepository, WriteResult } from './settings-repository.ts';

/** The known brands, by their ids, with the limits that each sets itself. */
export type BrandLimits = ReadonlyMap<string, { readonly limits?: OwnLimits }>;

/** The repository and the brands that edits need. */
export interface SettingsDeps {
  readonly repository: SettingsRepository;
  readonly brands: BrandLimits;
}

/** A requested change: the new document, not checked yet, and the versions that it may replace. */
export interface Edit {
  readonly document: unknown;
  readonly condition?: Precondition;
}

/** Reads a part of a number's settings. The number may be written with hyphens and full-width digits. */
export async function readSection<S extends NumberSection>(
  { repository }: Pick<SettingsDeps, 'repository'>,
  numberText: string,
  section: S,
): Promise<Stored<NumberSections[S]> | NotFound> {
  const number = parseSubscriberNumber(numberText);
  const found = number.ok ? await repository.getSection(number.number, section) : undefined;
  return found ? stored(found) : notFound('number');
}

/** Checks a part of a number's settings and writes it; returns what is stored then, its numbers normalised. */
export async function writeSection<S extends NumberSection>(
  { repository, brands }: SettingsDeps,
  numberText: string,
  section: S,
  { document, condition }: Edit,
): Promise<Stored<NumberSections[S]> | NotFound | Invalid | Conflict> {
  const number = parseSubscriberNumber(numberText);
  const settings = number.ok ? await repository.getNumber(number.number) : undefined;
  if (!settings) return notFound('number');
  const rules = noticeRules(brands, settings.brand, recipientsOf(settings[section]));
  const read = readDocument(SECTION_INPUTS[section](rules), document);
  if (!read.ok) return invalid(read.errors);
  const result = await repository.putSection(settings.number, section, read.value, condition);
  return written(result, read.value, 'number');
}

/** The rules for a notice of a brand that already has these recipients (C2, C13). */
export function noticeRules(
  brands: BrandLimits,
  brand: string,
  recipients: readonly Recipient[],
): NoticeInputRules {
  return {
    limits: limitsOfBrand(brands.get(brand)?.limits),
    isStored: (address) => recipients.some((one) => one.address === address),
  };
}

/** Maps the result of a write to the use case's result. */
export function written<T extends SettingsPart>(
  result: WriteResult,
  value: T,
  what: NotFound['what'],
): Stored<T> | NotFound | Conflict {
  switch (result.kind) {
    case 'written':
      return stored({ value, version: result.version });
    case 'unknown':
      return notFound(what);
    case 'stale':
      return CONFLICT;
  }
}
