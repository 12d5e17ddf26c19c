import { stringify } from 'yaml';
import { configurationPage, programVersion } from '#platform';
import { openApiDocument } from '../../apps/settings/src/openapi/document.ts';
import { asyncApiDocument } from './async-api.ts';
import { eventJsonSchemas } from './event-schemas.ts';

/** Quoted, so that no reader takes a time for a YAML timestamp or a number for a number. */
const YAML = {
  aliasDuplicateObjects: false,
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'PLAIN',
} as const;

/** The pages of docs/ that are made from the program, by path; tests say when one is out of date. */
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
