import { z } from 'zod';
import type {
  ZodOpenApiOperationObject,
  ZodOpenApiRequestBodyObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { answers, inputs } from './schemas.ts';

type Status = 400 | 401 | 404 | 409 | 412 | 413 | 415 | 422 | 429 | 503;

/** The description of each status, whatever the path. */
const MEANINGS: Readonly<Record<Status, string>> = {
  400: 'Not JSON, or an empty body',
  401: 'No known token',
  404: 'The line, number, event or self-care id is not known',
  409: 'A number of another line, a service that is not contracted, or an event id of several sources',
  412: '`If-Match` or `If-None-Match` does not hold; nothing was changed',
  413: 'Over 64 KiB',
  415: 'Not application/json in UTF-8',
  422: 'A wrong document: every error with its path',
  429: 'Too many; `Retry-After` says when to come back',
  503: 'Kafka or Redis is away; `Retry-After` says when to come back',
};

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' as const } } };
const ETAG = { ETag: { description: 'The version, for `If-Match`', schema: { type: 'string' as const } } };
const ifMatch = z.object({
  'if-match': z
    .string()
    .optional()
    .meta({ description: 'Write only when this is the version: its `ETag`, or `*`' }),
});
const conditions = ifMatch.extend({
  'if-none-match': z
    .string()
    .optional()
    .meta({ description: 'Write only when this is not the version; `*`: only when there is none yet' }),
});

/** The responses that carry a problem. */
export function refusals(...statuses: readonly Status[]): ZodOpenApiResponsesObject {
  const all: readonly Status[] = [401, ...statuses, 503];
  return Object.fromEntries(
    all.map((status) => [
      `${status}`,
      {
        description: MEANINGS[status],
        ...(status === 429 || status === 503 ? { headers: RETRY_AFTER } : {}),
        content: { 'application/problem+json': { schema: answers.Problem } },
      },
    ]),
  );
}

type Document =
  'Line' | 'CallNotice' | 'FaxNotice' | 'FaultNotice' | 'Screening' | 'VoiceWarp' | 'BulkTransfer';
/** The documents that are no service, so that nobody contracts for them. */
const ALWAYS_THERE: readonly Document[] = ['Line', 'Screening'];

/** A settings document in an answer: in the form it is written in, which is why the schema is only referred to. */
const stored = (name: Document, description: string) => ({
  description,
  headers: ETAG,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});

export const requestBody = (name: keyof typeof inputs): ZodOpenApiRequestBodyObject => ({
  required: true,
  content: { 'application/json': { schema: inputs[name] } },
});

/** `GET` and `PUT` of a settings document that a known line or number has from the start. */
export function section(
  name: Document,
  summary: string,
  path: z.ZodObject,
): { get: ZodOpenApiOperationObject; put: ZodOpenApiOperationObject } {
  const contract = ALWAYS_THERE.includes(name) ? [] : [409 as const];
  return {
    get: {
      operationId: `get${name}`,
      summary,
      requestParams: { path },
      responses: {
        200: stored(name, 'What was written; before that everything off and empty'),
        ...refusals(404, ...contract),
      },
    },
    put: {
      operationId: `put${name}`,
      summary: `${summary}: write it`,
      requestParams: { path, header: conditions },
      requestBody: requestBody(name),
      responses: {
        200: stored(name, 'What is stored now, its numbers normalised'),
        ...refusals(400, 404, ...contract, 412, 413, 415, 422),
      },
    },
  };
}

/** `GET`, `PUT` and `DELETE` of a line, which a `PUT` may create. */
export function line(path: z.ZodObject): Record<'get' | 'put' | 'delete', ZodOpenApiOperationObject> {
  const { get, put } = section('Line', 'A line and its numbers', path);
  return {
    get,
    put: {
      ...put,
      description:
        'A number that leaves a line, or comes to another, loses its settings: nobody inherits addresses.',
      responses: {
        200: stored('Line', 'What is stored now, its numbers normalised'),
        201: stored('Line', 'The line is known from now on'),
        ...refusals(400, 409, 412, 413, 415, 422),
      },
    },
    delete: {
      operationId: 'deleteLine',
      summary: 'A line and its numbers: forget them with all of their settings',
      requestParams: { path, header: ifMatch },
      responses: { 204: { description: 'Forgotten' }, ...refusals(404, 412) },
    },
  };
}

/** The answer to what became an event. */
export const accepted = {
  202: {
    description: 'Kafka has acknowledged the event',
    content: { 'application/json': { schema: answers.Event } },
  },
};

/** The answer to a question about what cannot be written in that form. */
export const told = (
  name: 'Access' | 'DryRunAnswer' | 'Outcome' | 'OutcomePage',
  description: string,
): ZodOpenApiResponsesObject => ({
  200: { description, content: { 'application/json': { schema: answers[name] } } },
});

/** The answer to what was done and has nothing to say. */
export const done = { 204: { description: 'Done' } };

/** `GET`, `PUT` and `DELETE` of a self-care id, whose password is only written. */
export function selfCare(path: z.ZodObject): Record<'get' | 'put' | 'delete', ZodOpenApiOperationObject> {
  const known = (description: string) => ({
    description,
    content: { 'application/json': { schema: answers.SelfCareProfile } },
  });
  return {
    get: {
      operationId: 'getSelfCare',
      summary: 'A self-care id of the IP phone service',
      requestParams: { path },
      responses: { 200: known('What was written, without its password'), ...refusals(404) },
    },
    put: {
      operationId: 'putSelfCare',
      summary: 'A self-care id of the IP phone service: write it',
      description: 'Without a password it keeps the one it has. A new password ends its logins.',
      requestParams: { path },
      requestBody: requestBody('SelfCare'),
      responses: {
        200: known('What is stored now, its numbers normalised'),
        201: known('The id is known from now on'),
        ...refusals(400, 413, 415, 422),
      },
    },
    delete: {
      operationId: 'deleteSelfCare',
      summary: 'A self-care id of the IP phone service: forget it with its logins',
      requestParams: { path },
      responses: { 204: { description: 'Forgotten' }, ...refusals(404) },
    },
  };
}
