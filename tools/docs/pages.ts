import { stringify } from 'yaml';
import { configurationPage } from '#platform';
import { asyncApiDocument } from './async-api.ts';
import { eventJsonSchemas } from './event-schemas.ts';

/** The pages of docs/ that are made from the program, by path; tests say when one is out of date. */
export function generatedPages(): ReadonlyMap<string, string> {
  const schemas = eventJsonSchemas().map(
    ([type, schema]) =>
      [`docs/generated/schemas/${type}.json`, `${JSON.stringify(schema, null, 2)}\n`] as const,
  );
  return new Map([
    ['docs/configuration.md', configurationPage()],
    ['docs/generated/asyncapi.yaml', stringify(asyncApiDocument(), { aliasDuplicateObjects: false })],
    ...schemas,
  ]);
}
