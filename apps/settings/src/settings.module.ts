import { Module, type DynamicModule } from '@nestjs/common';
import type { Brands } from '#mail';
import type { Logger } from '#platform';
import type { OutcomeHistory } from '#redis';
import type { IdempotencyKeys, PublishAccessMail, SettingsRepository, TestMailLimits } from '#settings';
import { LineController } from './line.controller.ts';
import { MailController } from './mail.controller.ts';
import { NumberController } from './number.controller.ts';
import type { KeepOutcomes } from './outcomes/keep-outcomes.ts';
import { NotifyOutcomesController } from './outcomes/notify-outcomes.controller.ts';
import { OutcomeController } from './outcomes/outcome.controller.ts';
import { KEEP_OUTCOMES, LOGGER, MAILS, OUTCOME_HISTORY, REPOSITORY, SETTINGS } from './tokens.ts';

/** The dependencies of the controllers. */
export interface SettingsParts {
  readonly repository: SettingsRepository;
  readonly brands: Brands;
  readonly publishAccessMail: PublishAccessMail;
  readonly testMailLimits: TestMailLimits;
  readonly idempotencyKeys: IdempotencyKeys;
  readonly outcomeHistory: OutcomeHistory;
  readonly keepOutcomes: KeepOutcomes;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

@Module({})
export class SettingsModule {
  /** The module of these parts. */
  static of(parts: SettingsParts): DynamicModule {
    const { repository, brands, now } = parts;
    const mails = {
      repository,
      brands,
      limits: parts.testMailLimits,
      keys: parts.idempotencyKeys,
      publish: parts.publishAccessMail,
      now,
    };
    return {
      module: SettingsModule,
      controllers: [
        LineController,
        NumberController,
        MailController,
        OutcomeController,
        NotifyOutcomesController,
      ],
      providers: [
        { provide: SETTINGS, useValue: { repository, brands } },
        { provide: MAILS, useValue: mails },
        { provide: REPOSITORY, useValue: repository },
        { provide: OUTCOME_HISTORY, useValue: parts.outcomeHistory },
        { provide: KEEP_OUTCOMES, useValue: parts.keepOutcomes },
        { provide: LOGGER, useValue: parts.logger },
      ],
    };
  }
}
