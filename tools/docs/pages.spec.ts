import { readdirSync, readFileSync } from 'node:fs';
import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { EVENT_TYPES } from '#events';
import { asyncApiDocument } from './async-api.ts';
import { eventJsonSchemas } from './event-schemas.ts';
import { generatedPages } from './pages.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);

describe('the pages made from the program', () => {
  it('are current: `npm run docs` writes what is there', () => {
    for (const [path, text] of generatedPages())
      expect([path, readFileSync(path, 'utf8')]).toEqual([path, text]);
  });

  it('are all that docs/generated holds', () => {
    const held = readdirSync('docs/generated', { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`);
    expect(held.filter((path) => !generatedPages().has(path))).toEqual([]);
  });
});

describe('the AsyncAPI document', () => {
  it('is valid by the schema of AsyncAPI 3.0', () => {
    // It brings the schema of JSON Schema along, which Ajv must then not know already.
    const specAjv = new Ajv({ strict: false, meta: false, validateSchema: false });
    formats.default(specAjv);
    const validate = specAjv.compile(specs.schemas['3.0.0'] as object);
    validate(asyncApiDocument());
    expect(validate.errors).toBeNull();
  });
});

describe.each(eventJsonSchemas())('the JSON Schema of %s', (type, schema) => {
  const validate = ajv.compile(schema);
  const example = EVENT_TYPES[type].example as Record<string, unknown>;

  it('takes the example, as the program does', () => {
    expect(validate(example)).toBe(true);
    expect(EVENT_TYPES[type].schema.safeParse(example).success).toBe(true);
  });

  it('refuses the example without any one of its fields when the program does', () => {
    for (const field of Object.keys(example)) {
      const rest = Object.fromEntries(Object.entries(example).filter(([name]) => name !== field));
      expect([field, validate(rest)]).toEqual([field, EVENT_TYPES[type].schema.safeParse(rest).success]);
    }
  });
});
