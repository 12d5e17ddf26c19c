import {
  hasService,
  limitsBeside,
  limitsOfBrand,
  parseSubscriberNumber,
  readDocument,
  SECTION_INPUTS,
  SECTION_SERVICES,
  sectionOf,
  type NoticeInputRules,
  type NumberSection,
  type NumberSections,
  type OwnLimits,
  type Service,
} from '#rules';
import { recipientsOf, stored, type SettingsPart, type Stored } from './notice-warnings.ts';
import {
  CONFLICT,
  invalid,
  notContracted,
  notFound,
  type Conflict,
  type Invalid,
  type NotContracted,
  type NotFound,
} from './refusal.ts';
import type { Precondition, SettingsRepository, StoredPart, WriteResult } from './settings-repository.ts';

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

/**
 * Reads a part of a number's settings. The number may be written with hyphens and full-width digits. What is not
 * contracted is kept and not shown (A13).
 */
export async function readSection<S extends NumberSection>(
  { repository }: Pick<SettingsDeps, 'repository'>,
  numberText: string,
  section: S,
): Promise<Stored<NumberSections[S]> | NotFound | NotContracted> {
  const number = parseSubscriberNumber(numberText);
  const found = number.ok ? await repository.getSection(number.number, section) : undefined;
  return contractedPart(found, 'number', SECTION_SERVICES[section]);
}

/** Checks a part of a number's settings and writes it; returns what is stored then, its numbers normalised. */
export async function writeSection<S extends NumberSection>(
  { repository, brands }: SettingsDeps,
  numberText: string,
  section: S,
  { document, condition }: Edit,
): Promise<Stored<NumberSections[S]> | NotFound | NotContracted | Invalid | Conflict> {
  const number = parseSubscriberNumber(numberText);
  const settings = number.ok ? await repository.getNumber(number.number) : undefined;
  if (!settings) return notFound('number');
  const service = SECTION_SERVICES[section];
  if (service && !hasService(settings.services, service)) return notContracted(service);
  const rules = {
    ...noticeRules(brands, settings.brand, sectionOf(settings, section)),
    number: settings.number,
  };
  const read = readDocument(SECTION_INPUTS[section](rules), document);
  if (!read.ok) return invalid(read.errors);
  const result = await repository.putSection(settings.number, section, read.value, condition);
  return written(result, 'number');
}

/** A part of settings that was read, unless there is none, or its service is not contracted (A13). */
export function contractedPart<T extends SettingsPart>(
  found: StoredPart<T> | undefined,
  what: NotFound['what'],
  service: Service | undefined,
): Stored<T> | NotFound | NotContracted {
  if (!found) return notFound(what);
  return service && !hasService(found.services, service) ? notContracted(service) : stored(found);
}

/** The rules for a part of settings of a brand where this part is stored already (C2, C4, C13). */
export function noticeRules(brands: BrandLimits, brand: string, before?: SettingsPart): NoticeInputRules {
  const recipients = before ? recipientsOf(before) : [];
  return {
    limits: limitsBeside(limitsOfBrand(brands.get(brand)?.limits), before ?? {}),
    isStored: (address) => recipients.some((one) => one.address === address),
  };
}

/** Maps the result of a write to the use case's result. */
export function written<T extends SettingsPart>(
  result: WriteResult<T>,
  what: NotFound['what'],
): Stored<T> | NotFound | Conflict {
  switch (result.kind) {
    case 'written':
      return stored(result);
    case 'unknown':
      return notFound(what);
    case 'stale':
      return CONFLICT;
  }
}
