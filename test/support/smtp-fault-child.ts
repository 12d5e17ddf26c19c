import { startSmtpFaultServer, type FaultServerOptions } from './smtp-fault-server.ts';
import type { FaultRule } from './smtp-fault-rules.ts';

/** A request of the parent process. */
export type FaultChildRequest =
  | { readonly kind: 'listen'; readonly options: FaultServerOptions }
  | { readonly kind: 'rules'; readonly rules: readonly FaultRule[] }
  | { readonly kind: 'stop' }
  | { readonly kind: 'start' };

/** Sent when a request is done. */
export interface FaultChildAnswer {
  readonly port: number;
}

let server: Awaited<ReturnType<typeof startSmtpFaultServer>> | undefined;

async function serve(request: FaultChildRequest): Promise<void> {
  if (request.kind === 'listen') server = await startSmtpFaultServer(request.options);
  if (request.kind === 'rules') server?.setRules(...request.rules);
  if (request.kind === 'stop') await server?.stop();
  if (request.kind === 'start') await server?.start();
  process.send?.({ port: server?.port ?? 0 } satisfies FaultChildAnswer);
}

process.on('message', (request: FaultChildRequest) => void serve(request));
process.on('disconnect', () => process.exit());
