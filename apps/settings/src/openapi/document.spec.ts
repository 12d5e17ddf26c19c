import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiDocument } from './document.ts';

const document = openApiDocument('1.2.3');

describe('the OpenAPI document', () => {
  it('is valid against the schema of OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate({ ...document });
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('describes every operation of the API', () => {
    const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.toSorted()).toEqual([
      'DELETE /v1/lines/{lineNumber}',
      'DELETE /v1/self-care/{id}',
      'GET /v1/lines/{lineNumber}',
      'GET /v1/lines/{lineNumber}/fault-notice',
      'GET /v1/numbers/{number}/access',
      'GET /v1/numbers/{number}/call-notice',
      'GET /v1/numbers/{number}/fax-notice',
      'GET /v1/numbers/{number}/outcomes',
      'GET /v1/numbers/{number}/screening',
      'GET /v1/outcomes/{eventId}',
      'GET /v1/self-care/{id}',
      'POST /v1/access-mails',
      'POST /v1/numbers/{number}/access/end-sessions',
      'POST /v1/numbers/{number}/access/invalidate-password',
      'POST /v1/numbers/{number}/access/reset-one-time-password',
      'POST /v1/numbers/{number}/temporary-password',
      'POST /v1/numbers/{number}/test-mail',
      'PUT /v1/lines/{lineNumber}',
      'PUT /v1/lines/{lineNumber}/fault-notice',
      'PUT /v1/numbers/{number}/call-notice',
      'PUT /v1/numbers/{number}/fax-notice',
      'PUT /v1/numbers/{number}/screening',
      'PUT /v1/self-care/{id}',
    ]);
  });

  it('offers to write only when there is none yet, but not to delete then', () => {
    const { put, delete: remove } = document.paths?.['/v1/lines/{lineNumber}'] ?? {};
    const headersOf = (operation: typeof put) =>
      operation?.parameters?.flatMap((one) => ('in' in one && one.in === 'header' ? [one.name] : []));
    expect(headersOf(put)).toEqual(['if-match', 'if-none-match']);
    expect(headersOf(remove)).toEqual(['if-match']);
  });

  it('refers to nothing that it does not define, and refuses unknown fields as the API does', () => {
    const schemas = document.components?.schemas ?? {};
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
      expect(schemas).toHaveProperty(name!);
    const written = ['Line', 'CallNotice', 'FaxNotice', 'FaultNotice', 'Screening', 'TestMail'];
    for (const name of [...written, 'TemporaryPassword', 'SelfCare'])
      expect(schemas[name]).toMatchObject({ additionalProperties: false });
  });
});
