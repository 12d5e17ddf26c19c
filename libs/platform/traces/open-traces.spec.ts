import { loadEnvironment } from '../load-environment.ts';
import { secretsIn } from '../secrets.ts';
import { openTraces, tracesUrl } from './open-traces.ts';
import { telling } from './telling-exporter.ts';

const COLLECTOR = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };
const urlWith = (variables: Readonly<Record<string, string>>): string | undefined =>
  tracesUrl(loadEnvironment([], variables));

describe('traces', () => {
  it.each([
    [{}, undefined],
    [COLLECTOR, 'http://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://c/t', ...COLLECTOR }, 'https://c/t'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
    [{ OTEL_TRACES_EXPORTER: 'none', ...COLLECTOR }, undefined],
    [{ OTEL_SDK_DISABLED: 'TRUE', ...COLLECTOR }, undefined],
    [{ OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'always_on' }, undefined],
  ])('with %j go to %s', (variables, url) => {
    expect(urlWith(variables)).toBe(url);
  });

  it('that are off load nothing of OpenTelemetry, and log nothing', async () => {
    // Anything asked of this logger would throw.
    expect(await openTraces(loadEnvironment([], {}), 'notifier', undefined as never)).toBeUndefined();
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=%'],
    ['OTEL_TRACES_SAMPLR', 'always_on'],
  ])('are refused at the start with %s=%s', (name, value) => {
    expect(() => loadEnvironment([], { [name]: value })).toThrow(name);
  });

  it('leave OpenTelemetry’s other variables alone', () => {
    const others = { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_PROPAGATORS: 'b3' };
    expect(() => loadEnvironment([], others)).not.toThrow();
  });

  it('read headers and resource attributes as they are encoded, and know the first as secrets', () => {
    const environment = loadEnvironment([], {
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a-token=, x-tenant=some-tenant',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=production,region=%E6%9D%B1',
    });
    expect(environment.OTEL_RESOURCE_ATTRIBUTES).toEqual([
      ['deployment.environment.name', 'production'],
      ['region', '東'],
    ]);
    expect(secretsIn(environment)).toEqual(['Bearer a-token=', 'some-tenant']);
  });
});

describe('a collector that fails', () => {
  it('is told of once, and so is its return', () => {
    const told: string[] = [];
    let code = 1;
    const exporter = telling(
      {
        export: (_, done) => done(code === 0 ? { code } : { code, error: new Error('away') }),
        shutdown: async () => undefined,
      },
      {
        warn: (_: object, text: string) => told.push(text),
        info: (text: string) => told.push(text),
      } as never,
    );
    for (code of [0, 1, 1, 1, 0, 0, 1]) exporter.export([], () => undefined);
    expect(told).toEqual([
      'Traces cannot be exported, and are lost meanwhile',
      'Traces are exported again',
      'Traces cannot be exported, and are lost meanwhile',
    ]);
  });
});
