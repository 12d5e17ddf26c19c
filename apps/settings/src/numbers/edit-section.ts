import type { z } from 'zod';
import type { Precondition, SettingsRepository, Versioned } from '#settings';
import {
  callNoticeInput,
  faxNoticeInput,
  screeningInput,
  type NoticeInputRules,
  type SettingsLimits,
  type NumberSection,
  type NumberSections,
} from '#rules';
import { documentOf, written } from '../http/input.ts';
import { problems } from '../http/problem.ts';
import { storedIn } from './recipients.ts';

type Inputs = { readonly [S in NumberSection]: (rules: NoticeInputRules) => z.ZodType<NumberSections[S]> };

const INPUTS: Inputs = {
  callNotice: callNoticeInput,
  faxNotice: faxNoticeInput,
  screening: ({ limits }) => screeningInput(limits),
};

export interface SectionWrite<S extends NumberSection> {
  readonly number: string;
  readonly section: S;
  readonly body: unknown;
  readonly condition: Precondition;
}

/** A part of a number's settings; 404 when the number is not known. */
export async function readSection<S extends NumberSection>(
  repository: SettingsRepository,
  number: string,
  section: S,
): Promise<Versioned<NumberSections[S]>> {
  const found = await repository.getSection(number, section);
  if (!found) throw problems.unknown('number');
  return found;
}

/** Checks a part of a number's settings and writes it; answers with what was written. */
export async function writeSection<S extends NumberSection>(
  repository: SettingsRepository,
  limitsOf: (brand: string) => SettingsLimits,
  { number, section, body, condition }: SectionWrite<S>,
): Promise<Versioned<NumberSections[S]>> {
  const settings = await repository.getNumber(number);
  if (!settings) throw problems.unknown('number');
  const stored =
    section === 'screening' ? [] : settings[section === 'callNotice' ? 'callNotice' : 'faxNotice'].recipients;
  const rules = { limits: limitsOf(settings.brand), isStored: storedIn(stored) };
  const value = documentOf(INPUTS[section](rules), body);
  const { version } = written(
    await repository.putSection(number, section, value, condition),
    'number',
    condition,
  );
  return { value, version };
}
