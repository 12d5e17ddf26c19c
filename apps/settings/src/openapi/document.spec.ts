import { Validator } from '@seriousme/openapi-schema-validator';
import { bulkTransferInput, lineInput, readDocument, voiceWarpInput } from '#rules';
import { openApiDocument } from './document.ts';
import { inputs } from './schemas.ts';

const document = openApiDocument('1.2.3');
const schemas = document.components?.schemas ?? {};

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
      'GET /v1/lines/{lineNumber}/bulk-transfer',
      'GET /v1/lines/{lineNumber}/fault-notice',
      'GET /v1/numbers/{number}/access',
      'GET /v1/numbers/{number}/call-notice',
      'GET /v1/numbers/{number}/fax-notice',
      'GET /v1/numbers/{number}/outcomes',
      'GET /v1/numbers/{number}/screening',
      'GET /v1/numbers/{number}/voice-warp',
      'GET /v1/outcomes/{eventId}',
      'GET /v1/self-care/{id}',
      'POST /v1/access-mails',
      'POST /v1/numbers/{number}/access/end-sessions',
      'POST /v1/numbers/{number}/access/invalidate-password',
      'POST /v1/numbers/{number}/access/reset-one-time-password',
      'POST /v1/numbers/{number}/dry-run',
      'POST /v1/numbers/{number}/temporary-password',
      'POST /v1/numbers/{number}/test-mail',
      'PUT /v1/lines/{lineNumber}',
      'PUT /v1/lines/{lineNumber}/bulk-transfer',
      'PUT /v1/lines/{lineNumber}/fault-notice',
      'PUT /v1/numbers/{number}/call-notice',
      'PUT /v1/numbers/{number}/fax-notice',
      'PUT /v1/numbers/{number}/ip-phone-password',
      'PUT /v1/numbers/{number}/screening',
      'PUT /v1/numbers/{number}/voice-warp',
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

  it('A13 says of every part of a service that it may not be contracted, and of no other', () => {
    const refusing = Object.entries(document.paths ?? {}).flatMap(([path, { get }]) =>
      get?.responses?.['409'] ? [path.split('/').at(-1)] : [],
    );
    const parts = ['fault-notice', 'bulk-transfer', 'call-notice', 'fax-notice', 'voice-warp'];
    expect(refusing).toEqual([...parts, '{eventId}']);
  });

  it('describes the limit of a page of outcomes as a number', () => {
    const parameters = document.paths?.['/v1/numbers/{number}/outcomes']?.get?.parameters ?? [];
    const limit = parameters.find((one) => 'name' in one && one.name === 'limit');
    expect(limit).toMatchObject({
      schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    });
  });

  it('shows examples that the API itself takes', () => {
    const numbers = ['0312345678', '0312345679'];
    for (const [schema, name] of [
      [lineInput({ lineNumber: '0312345678', brands: ['ntt-east'] }), 'Line'],
      [voiceWarpInput('0312345679'), 'VoiceWarp'],
      [bulkTransferInput(numbers), 'BulkTransfer'],
    ] as const)
      expect(readDocument<unknown>(schema, inputs[name].meta()?.['example'])).toMatchObject({ ok: true });
  });

  it('refers to nothing that it does not define, and refuses unknown fields as the API does', () => {
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
      expect(schemas).toHaveProperty(name!);
    const written = ['Line', 'CallNotice', 'FaxNotice', 'FaultNotice', 'Screening', 'TestMail', 'DryRun'];
    for (const name of [...written, 'VoiceWarp', 'BulkTransfer', 'TemporaryPassword', 'SelfCare'])
      expect(schemas[name]).toMatchObject({ additionalProperties: false });
  });
});
