import { z } from 'zod';
import { flag, items, matching, parseUrl, text, wholeNumber } from '../environment-values.ts';
import { variable } from '../variable.ts';

/** The samplers of OpenTelemetry's specification that are known here. */
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
const MILLISECONDS = 'a whole number of milliseconds from 1 to 600000';

const endpoint = text((value, refuse) => {
  const protocol = parseUrl(value)?.protocol;
  if (protocol === 'http:' || protocol === 'https:') return value;
  refuse('it does not begin with http:// or https://');
  return undefined;
});

/** `name=value` pairs, percent-encoded, as OpenTelemetry's specification writes them. */
function pairs<T>(pairOf: (name: string, value: string) => T): z.ZodType<readonly T[], string> {
  return text((value, refuse) => {
    try {
      return items(value)
        .filter((item) => item !== '')
        .map((item) => {
          const [name, text] = item.split(/=(.*)/s, 2);
          if (!name || text === undefined) throw new TypeError('it has an item that is not name=value');
          return pairOf(decodeURIComponent(name.trim()), decodeURIComponent(text.trim()));
        });
    } catch (error) {
      refuse(error instanceof TypeError ? error.message : 'it has an item that is not percent-encoded');
      return undefined;
    }
  });
}

const headers = pairs((name, token) => ({ name, token }));

/** OpenTelemetry's variables that are read here; what its exporter reads itself (certificates, compression) works too. */
export const tracesVariables = {
  OTEL_SDK_DISABLED: variable(z.string().toLowerCase().pipe(flag).prefault('false'), {
    description: 'Turns traces off, whatever the other variables say.',
    expected: 'true or false',
  }),
  OTEL_TRACES_EXPORTER: variable(z.enum(['otlp', 'none']).optional(), {
    description:
      'Traces are exported when this is `otlp`, or when it is not set and an endpoint is. Without both nothing of OpenTelemetry is loaded.',
    expected: 'otlp or none',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(endpoint.optional(), {
    description: 'The OpenTelemetry collector; traces go to `/v1/traces` there.',
    expected: 'http://host:port or https://…',
  }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: variable(endpoint.optional(), {
    description: 'Where traces go, the whole URL, in place of the one above.',
    expected: 'http://host:port/path or https://…',
  }),
  OTEL_EXPORTER_OTLP_PROTOCOL: variable(z.enum(['http/protobuf']).prefault('http/protobuf'), {
    description: 'How the collector is spoken to.',
    expected: 'http/protobuf',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: variable(headers.optional(), {
    description: 'Headers for the collector, such as its login.',
    expected: 'name=value, percent-encoded, several separated by commas',
    secret: true,
  }),
  OTEL_SERVICE_NAME: variable(matching(/^.{1,255}$/).optional(), {
    description: "`service.name` of the spans. Without it: `denwa-notify-` and the app's name.",
    expected: 'a name of at most 255 letters',
  }),
  OTEL_RESOURCE_ATTRIBUTES: variable(pairs((name, value) => [name, value] as const).optional(), {
    description: 'More about where the spans come from, such as `deployment.environment.name=production`.',
    expected: 'name=value, percent-encoded, several separated by commas',
  }),
  OTEL_TRACES_SAMPLER: variable(z.enum(SAMPLERS).prefault('parentbased_always_on'), {
    description:
      'Which traces are recorded. With a `parentbased_` one the `traceparent` of an event or a request decides where there is one.',
    expected: SAMPLERS.join(', '),
  }),
  OTEL_TRACES_SAMPLER_ARG: variable(
    text((value) => (/^(0(\.\d{1,9})?|1(\.0*)?)$/.test(value) ? Number(value) : undefined)).prefault('1'),
    { description: 'The part that `traceidratio` samples.', expected: 'a number from 0 to 1' },
  ),
  OTEL_BSP_SCHEDULE_DELAY: variable(wholeNumber(1, 600_000).prefault('5000'), {
    description: 'How long spans wait for others before they are exported together.',
    expected: MILLISECONDS,
  }),
  OTEL_BSP_EXPORT_TIMEOUT: variable(wholeNumber(1, 600_000).prefault('30000'), {
    description: 'How long an export may take.',
    expected: MILLISECONDS,
  }),
  OTEL_BSP_MAX_QUEUE_SIZE: variable(wholeNumber(1, 1_000_000).prefault('2048'), {
    description: 'How many spans may wait; more are dropped.',
    expected: 'a whole number from 1 to 1000000',
  }),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: variable(wholeNumber(1, 100_000).prefault('512'), {
    description: 'How many spans are exported together at most.',
    expected: 'a whole number from 1 to 100000',
  }),
};
