import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../logger.ts';

/** The same exporter, which tells the log once when it begins to fail, and once when it works again. */
export function telling(exporter: SpanExporter, logger: Pick<Logger, 'info' | 'warn'>): SpanExporter {
  let isAway = false;
  const tell = (error: Error | undefined, isFailed: boolean): void => {
    if (isFailed === isAway) return;
    isAway = isFailed;
    if (isFailed) logger.warn({ err: error }, 'Traces cannot be exported, and are lost meanwhile');
    else logger.info('Traces are exported again');
  };
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        tell(result.error, result.code !== ExportResultCode.SUCCESS);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
