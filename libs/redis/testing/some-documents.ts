import fc from 'fast-check';
import type { ForwardingCondition, SelectMode, Service } from '#rules';
import { lineText, numberText, type LineDocument, type NumberDocument } from '../settings/documents.ts';

const NUMBER = '0312345679';
const LINE = '0312345678';

/** Texts as people write them, empty ones too. */
const text = fc.constantFrom('', '0', 'taro@example.jp', '本店 1 階', '"\\\n');
const texts = fc.array(text, { maxLength: 3 });
/** Fields of a newer program. */
const more = { added: fc.constantFrom('', false, null, [], {}, { by: 'a newer program' }) };
/** What has `fields`, and perhaps a field that this program does not know. */
const some = <T extends object>(
  fields: { [K in keyof T]: fc.Arbitrary<T[K]> },
  optional: (keyof T)[] = [],
): fc.Arbitrary<T> => {
  const requiredKeys = (Object.keys(fields) as (keyof T)[]).filter((key) => !optional.includes(key));
  return fc.record({ ...fields, ...more } as never, { requiredKeys: requiredKeys as never }) as never;
};

const enabled = fc.boolean();
const recipients = fc.array(some({ address: text, enabled }), { maxLength: 3 });
const services = fc.subarray<Service>(['call-notice', 'voice-warp', 'bulk-transfer']);
const callNotice = some({
  enabled,
  targetCallersOnly: enabled,
  unansweredOnly: enabled,
  recipients,
  targetCallers: fc.array(some({ number: text, enabled }), { maxLength: 3 }),
});
const faultNotice = some({
  enabled,
  recipients,
  contractorName: text,
  location: text,
  autoStartTransfer: enabled,
  autoStopTransfer: enabled,
});
const voiceWarp = some(
  {
    enabled,
    condition: fc.constantFrom<ForwardingCondition[]>('unconditional', 'no-answer'),
    ringSeconds: fc.integer({ min: 5, max: 60 }),
    destinations: fc.array(fc.option(text), { minLength: 4, maxLength: 4 }),
    destination: fc.integer({ min: 1, max: 4 }),
    select: some({ mode: fc.constantFrom<SelectMode[]>('off', 'ring-listed'), callers: texts }),
  },
  ['ringSeconds'],
);

/** A document, and the text that it is stored as. */
interface Written<T> {
  readonly document: T;
  readonly text: string;
}

const someNumberDocument = some<NumberDocument>(
  {
    settings: some(
      {
        number: fc.constant(NUMBER),
        lineNumber: fc.constant(LINE),
        brand: text,
        callNotice,
        faxNotice: some({ enabled, recipients }),
        screening: some({ nuisanceCallers: texts, numberRequest: enabled }),
        services,
        voiceWarp,
      },
      ['services', 'voiceWarp'],
    ),
    versions: some({ callNotice: text, faxNotice: text, screening: text, voiceWarp: text }, ['voiceWarp']),
    touched: text,
    prepared: some({ edit: text, version: text, callNotice }),
  },
  ['touched', 'prepared'],
);

const someLineDocument = some<LineDocument>(
  {
    settings: fc.option(
      some(
        {
          lineNumber: fc.constant(LINE),
          brand: text,
          contractor: text,
          numbers: texts,
          services: fc.dictionary(text, services),
          faultNotice,
          bulkTransfer: some({ enabled, destinations: fc.dictionary(text, text) }),
        },
        ['services', 'bulkTransfer'],
      ),
    ),
    versions: some({ line: text, faultNotice: text, bulkTransfer: text }, ['bulkTransfer']),
    change: some({ id: text, numbers: texts }),
  },
  ['change'],
);

/** Documents of the number 0312345679, with everything that one may have. */
export const someWrittenNumber: fc.Arbitrary<Written<NumberDocument>> = someNumberDocument.map(
  (document) => ({ document, text: numberText(document) }),
);

/** Documents of the line 0312345678, also of one that is being removed. */
export const someWrittenLine: fc.Arbitrary<Written<LineDocument>> = someLineDocument.map((document) => ({
  document,
  text: lineText(document),
}));
