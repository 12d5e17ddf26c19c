import { Module, type DynamicModule } from '@nestjs/common';
import type { Brands } from '#mail';
import type { IdempotencyKeys, OutcomeHistory, TestMailLimits } from '#redis';
import type { SettingsRepository } from '#settings';
import { LineController } from './lines/line.controller.ts';
import { AccessMailController } from './mails/access-mail.controller.ts';
import type { SendAccessMail } from './mails/send-access-mail.ts';
import { TestMailController } from './mails/test-mail.controller.ts';
import type { KeepOutcomes } from './outcomes/keep-outcomes.ts';
import { NotifyOutcomesController } from './outcomes/notify-outcomes.controller.ts';
import { OutcomeController } from './outcomes/outcome.controller.ts';
import type { Logger } from '#platform';
import { NumberController } from './numbers/number.controller.ts';
import {
  BRANDS,
  CLOCK,
  IDEMPOTENCY_KEYS,
  KEEP_OUTCOMES,
  LOGGER,
  OUTCOME_HISTORY,
  REPOSITORY,
  SETTINGS,
  SEND_ACCESS_MAIL,
  TEST_MAIL_LIMITS,
} from './tokens.ts';

/** What the controllers work with. */
export interface SettingsParts {
  readonly repository: SettingsRepository;
  readonly brands: Brands;
  readonly sendAccessMail: SendAccessMail;
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
    return {
      module: SettingsModule,
      controllers: [
        LineController,
        NumberController,
        TestMailController,
        AccessMailController,
        OutcomeController,
        NotifyOutcomesController,
      ],
      providers: [
        { provide: SETTINGS, useValue: { repository: parts.repository, brands: parts.brands } },
        { provide: REPOSITORY, useValue: parts.repository },
        { provide: BRANDS, useValue: parts.brands },
        { provide: SEND_ACCESS_MAIL, useValue: parts.sendAccessMail },
        { provide: TEST_MAIL_LIMITS, useValue: parts.testMailLimits },
        { provide: IDEMPOTENCY_KEYS, useValue: parts.idempotencyKeys },
        { provide: OUTCOME_HISTORY, useValue: parts.outcomeHistory },
        { provide: KEEP_OUTCOMES, useValue: parts.keepOutcomes },
        { provide: LOGGER, useValue: parts.logger },
        { provide: CLOCK, useValue: parts.now },
      ],
    };
  }
}
