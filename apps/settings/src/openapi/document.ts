import { z } from 'zod';
import { INTERVENTIONS, type Intervention } from '#access';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { eventQuery, outcomeQuery } from '../outcomes/outcome-query.ts';
import { accepted, done, line, refusals, requestBody, section, selfCare, told } from './operations.ts';

const lineNumber = z.string().meta({
  description: 'The number the contract is known by; hyphens are left out',
  example: '0312345678',
});
const number = z.string().meta({
  description: 'The line number or an additional number; hyphens are left out',
  example: '0312345679',
});
const ofLine = z.object({ lineNumber });
const ofNumber = z.object({ number });
const ofEvent = z.object({ eventId: z.string().meta({ description: '`ce_id`' }) });
const ofSelfCare = z.object({
  id: z.string().meta({ description: '1 to 32 letters, digits, - and _', example: 'taro-01' }),
});
const idempotencyKey = z.object({
  'idempotency-key': z.string().optional().meta({
    description:
      '1 to 255 visible ASCII characters; a repeat with the same key and document sends no second mail',
  }),
});

const trace = z.object({
  traceparent: z
    .string()
    .optional()
    .meta({ description: 'W3C Trace Context; the mail’s event belongs to the same trace' }),
});

const DESCRIPTION = `Settings of the mails about calls, FAXes and faults.

Errors are problem documents (RFC 9457). Telephone numbers may carry hyphens and full-width digits; they are stored and
answered in digits, from abroad with a leading \`+\`.`;

const settingsPaths: ZodOpenApiPathsObject = {
  '/v1/lines/{lineNumber}': line(ofLine),
  '/v1/lines/{lineNumber}/fault-notice': section(
    'FaultNotice',
    'Fault and recovery notice of a line',
    ofLine,
  ),
  '/v1/lines/{lineNumber}/bulk-transfer': section('BulkTransfer', 'Bulk transfer of a line', ofLine),
  '/v1/numbers/{number}/call-notice': section('CallNotice', 'Call notice of a number', ofNumber),
  '/v1/numbers/{number}/fax-notice': section('FaxNotice', 'FAX notice of a number', ofNumber),
  '/v1/numbers/{number}/screening': section('Screening', 'Callers a number refuses', ofNumber),
  '/v1/numbers/{number}/voice-warp': section('VoiceWarp', 'Call forwarding of a number', ofNumber),
  '/v1/numbers/{number}/dry-run': {
    post: {
      operationId: 'dryRun',
      summary: 'What would happen if somebody rang, or a FAX came, now; sends nothing',
      requestParams: { path: ofNumber },
      requestBody: requestBody('DryRun'),
      responses: {
        ...told('DryRunAnswer', 'The decision of the rules'),
        ...refusals(400, 404, 413, 415, 422),
      },
    },
  },
};

const mailPaths: ZodOpenApiPathsObject = {
  '/v1/numbers/{number}/test-mail': {
    post: {
      operationId: 'sendTestMail',
      summary: 'Send a test mail: at most 5 an hour to an address and 20 a day for a number',
      requestParams: { path: ofNumber, header: trace },
      requestBody: requestBody('TestMail'),
      responses: { ...accepted, ...refusals(400, 404, 409, 413, 415, 422, 429) },
    },
  },
  '/v1/access-mails': {
    post: {
      operationId: 'sendAccessMail',
      summary: 'Send a mail about access',
      requestParams: { header: idempotencyKey.extend(trace.shape) },
      requestBody: requestBody('AccessMail'),
      responses: { ...accepted, ...refusals(400, 413, 415, 422) },
    },
  },
};

const INTERVENTION_SUMMARIES: Readonly<Record<Intervention, string>> = {
  'end-sessions': 'End the logins of a number',
  'invalidate-password': 'Make the password of a number invalid: it has to be set by telephone again',
  'reset-one-time-password':
    'Turn the one-time password of a number off, and forget its address and confirmation',
};

/** `end-sessions` → `endSessions`. */
const operationId = (name: string): string =>
  name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const accessPaths: ZodOpenApiPathsObject = {
  '/v1/numbers/{number}/access': {
    get: {
      operationId: 'getAccess',
      summary: "The state of a number's login",
      requestParams: { path: ofNumber },
      responses: { ...told('Access', 'Its state, never a secret'), ...refusals(404) },
    },
  },
  ...Object.fromEntries(
    INTERVENTIONS.map((name) => [
      `/v1/numbers/{number}/access/${name}`,
      {
        post: {
          operationId: operationId(name),
          summary: INTERVENTION_SUMMARIES[name],
          description: 'Takes no document. Who did it is recorded.',
          requestParams: { path: ofNumber },
          responses: { ...done, ...refusals(404) },
        },
      },
    ]),
  ),
  '/v1/numbers/{number}/temporary-password': {
    post: {
      operationId: 'setTemporaryPassword',
      summary: 'Set a temporary password: for switches with a dialogue of their own',
      requestParams: { path: ofNumber },
      requestBody: requestBody('TemporaryPassword'),
      responses: { ...done, ...refusals(400, 404, 413, 415, 422) },
    },
  },
  '/v1/self-care/{id}': selfCare(ofSelfCare),
  '/v1/numbers/{number}/ip-phone-password': {
    put: {
      operationId: 'putIpPhonePassword',
      summary: 'The current password of an IP phone: make it known',
      description:
        'A number of 050, of a known line or of none. Its subscriber needs it to change the password, and has his tries again.',
      requestParams: { path: ofNumber },
      requestBody: requestBody('IpPhonePassword'),
      responses: { ...done, ...refusals(400, 404, 409, 413, 415, 422) },
    },
  },
};

const outcomePaths: ZodOpenApiPathsObject = {
  '/v1/numbers/{number}/outcomes': {
    get: {
      operationId: 'getOutcomes',
      summary: 'What became of the events of a number',
      requestParams: { path: ofNumber, query: outcomeQuery },
      responses: { ...told('OutcomePage', 'Newest first'), ...refusals(404, 422) },
    },
  },
  '/v1/outcomes/{eventId}': {
    get: {
      operationId: 'getOutcome',
      summary: 'What became of one event',
      requestParams: { path: ofEvent, query: eventQuery },
      responses: { ...told('Outcome', 'The outcome'), ...refusals(404, 409, 422) },
    },
  },
};

/** The description of this API (OpenAPI 3.1), made from the schemas that requests are checked against. */
export function openApiDocument(version: string): ReturnType<typeof createDocument> {
  return createDocument({
    openapi: '3.1.1',
    info: { title: 'denwa-notify settings API', version, description: DESCRIPTION },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: {
      ...tagged('Settings', settingsPaths),
      ...tagged('Logins', accessPaths),
      ...tagged('Mails', mailPaths),
      ...tagged('Outcomes', outcomePaths),
    },
  });
}

/** Puts every operation under a heading of the page. */
function tagged(tag: string, paths: ZodOpenApiPathsObject): ZodOpenApiPathsObject {
  return Object.fromEntries(
    Object.entries(paths).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations as Record<string, ZodOpenApiOperationObject>).map(([method, operation]) => [
          method,
          { ...operation, tags: [tag] },
        ]),
      ),
    ]),
  );
}
