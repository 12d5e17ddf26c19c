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

describe('the generated pages', () => {
  it('are up to date: `npm run docs` changes nothing', () => {
    for (const [path, text] of generatedPages())
      expect([path, readFileSync(path, 'utf8')]).toEqual([path, text]);
  });

  it('are the only files in docs/generated', () => {
    const held = readdirSync('docs/generated', { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`);
    expect(held.filter((path) => !generatedPages().has(path))).toEqual([]);
  });
});

describe('the AsyncAPI document', () => {
  it('conforms to the AsyncAPI 3.0 schema', () => {
    // The schema embeds JSON Schema's own meta-schema, so Ajv must not add it too.
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

  it('accepts the example, as the program does', () => {
    expect(validate(example)).toBe(true);
    expect(EVENT_TYPES[type].schema.safeParse(example).success).toBe(true);
  });

  it('rejects the example without a field whenever the program does', () => {
    for (const field of Object.keys(example)) {
      const rest = Object.fromEntries(Object.entries(example).filter(([name]) => name !== field));
      expect([field, validate(rest)]).toEqual([field, EVENT_TYPES[type].schema.safeParse(rest).success]);
    }
  });
});
