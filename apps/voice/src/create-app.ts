import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import type { Registry } from 'prom-client';
import { createCounter } from '#metrics';
import { nestLogger, serveHealth, type ApiToken, type ReadyCheck } from '#platform';
import { frontDoor } from './front-door.ts';
import { createPhoneDialogue, DIALOGUE_CALLS, type DialogueParts } from './phone-dialogue.ts';
import { RefusalFilter } from './refusal-filter.ts';
import { TemporaryPasswordController } from './temporary-password.controller.ts';
import { DIALOGUE } from './tokens.ts';

export interface AppOptions {
  readonly parts: Omit<DialogueParts, 'ends'>;
  readonly tokens: readonly ApiToken[];
  readonly checks: Readonly<Record<string, ReadyCheck>>;
  readonly registry: Registry;
}

/** A form has a call, a step and a dozen keys. */
const MAX_BODY_BYTES = 4_096;

@Module({})
class VoiceModule {}

/** The telephone dialogue as a Nest application that does not listen yet. */
export async function createApp({ parts, ...options }: AppOptions): Promise<NestExpressApplication> {
  const { tokens, checks, registry } = options;
  const { logger } = parts;
  const ends = createCounter(registry, DIALOGUE_CALLS);
  const module: DynamicModule = {
    module: VoiceModule,
    controllers: [TemporaryPasswordController],
    providers: [{ provide: DIALOGUE, useValue: createPhoneDialogue({ ...parts, ends }) }],
  };
  const adapter = new ExpressAdapter();
  const app = await NestFactory.create<NestExpressApplication>(module, adapter, {
    bodyParser: false,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(frontDoor({ tokens, logger, registry }));
  serveHealth(adapter, { checks, registry });
  app.useBodyParser('text', { type: () => true, limit: MAX_BODY_BYTES, inflate: false });
  app.useGlobalFilters(new RefusalFilter(logger));
  return app.init();
}
