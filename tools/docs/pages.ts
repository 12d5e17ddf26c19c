import { stringify } from 'yaml';
import { configurationPage, programVersion } from '#platform';
import { openApiDocument } from '../../apps/settings/src/openapi/document.ts';
import { asyncApiDocument } from './async-api.ts';
import { eventJsonSchemas } from './event-schemas.ts';

/** Quotes strings, so that no parser reads a time as a timestamp or a telephone number as a number. */
const YAML = {
  aliasDuplicateObjects: false,
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'PLAIN',
} as const;

/** The generated pages of docs/ by path. A test fails when one is out of date. */
export function generatedPages(): ReadonlyMap<string, string> {
  const schemas = eventJsonSchemas().map(
    ([type, schema]) =>
      [`docs/generated/schemas/${type}.json`, `${JSON.stringify(schema, null, 2)}\n`] as const,
  );
  return new Map([
    ['docs/configuration.md', configurationPage()],
    ['docs/openapi.json', `${JSON.stringify(openApiDocument(programVersion()), null, 2)}\n`],
    ['docs/generated/asyncapi.yaml', stringify(asyncApiDocument(), YAML)],
    ...schemas,
  ]);
}
