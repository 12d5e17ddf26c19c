import { loadEnvironment } from '../load-environment.ts';
import { openTelemetry } from './open-telemetry.ts';

const IDS = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331';
const SAMPLED = { traceparent: `00-${IDS}-01` };
const UNSAMPLED = { traceparent: `00-${IDS}-00` };

/** How many of 400 spans are sampled with this parent. */
async function sampled(sampler: string, ratio: string, parent?: typeof SAMPLED): Promise<number> {
  const environment = loadEnvironment([], { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio });
  // Spans that never end are never exported, so that no collector is asked.
  const to = { app: 'test', url: 'http://127.0.0.1:9/v1/traces', logger: undefined as never };
  const traces = openTelemetry(environment, to);
  const spans = Array.from({ length: 400 }, () => traces.consume('process', parent));
  await traces.close();
  return spans.filter((span) => span !== undefined).length;
}

describe('what is sampled', () => {
  it.each([
    ['always_on', '0', 400, 400, 400],
    ['always_off', '1', 0, 0, 0],
    ['parentbased_always_on', '0', 400, 400, 0],
    ['parentbased_always_off', '1', 0, 400, 0],
    ['parentbased_traceidratio', '1', 400, 400, 0],
    ['parentbased_traceidratio', '0', 0, 400, 0],
    ['traceidratio', '1', 400, 400, 400],
    ['traceidratio', '0', 0, 0, 0],
  ])(
    'with %s of %s: %d without a parent, %d of a sampled one, %d of another',
    async (name, ratio, ...expected) => {
      expect([
        await sampled(name, ratio),
        await sampled(name, ratio, SAMPLED),
        await sampled(name, ratio, UNSAMPLED),
      ]).toEqual(expected);
    },
  );

  it.each(['traceidratio', 'parentbased_traceidratio'])(
    'with %s is about the part that is asked for',
    async (name) => {
      const count = await sampled(name, '0.5');
      expect(count).toBeGreaterThan(120);
      expect(count).toBeLessThan(280);
    },
  );
});
