import type { Environment } from '../environment-schema.ts';
import type { Logger } from '../logger.ts';
import type { Traces } from './traces.ts';

/** Where traces go, by OpenTelemetry's variables; `undefined` when they are off. */
export function tracesUrl(environment: Environment): string | undefined {
  const {
    OTEL_SDK_DISABLED: isDisabled,
    OTEL_TRACES_EXPORTER: exporter,
    OTEL_EXPORTER_OTLP_ENDPOINT: base,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own,
  } = environment;
  const isNamed = base !== undefined || own !== undefined;
  if (isDisabled || exporter === 'none' || (exporter === undefined && !isNamed)) return undefined;
  return own ?? `${(base ?? 'http://localhost:4318').replace(/\/$/, '')}/v1/traces`;
}

/**
 * Opens the traces of an app; `undefined` when they are off: then nothing of OpenTelemetry is even loaded. A collector
 * that is away harms nothing: its spans are dropped, and one line of the log says so.
 */
export async function openTraces(
  environment: Environment,
  app: string,
  logger: Logger,
): Promise<Traces | undefined> {
  const url = tracesUrl(environment);
  if (url === undefined) return undefined;
  const { openTelemetry } = await import('./open-telemetry.ts');
  logger.info({ url, sampler: environment.OTEL_TRACES_SAMPLER }, 'Traces go to the collector');
  return openTelemetry(environment, { app, url, logger });
}
