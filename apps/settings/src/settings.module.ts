import { Module, type DynamicModule } from '@nestjs/common';
import { policyOfBrand, type AccessStore, type PasswordHasher, type SendCommand } from '#access';
import type { SealKey } from '#events';
import type { Brands } from '#mail';
import type { ActionLog } from '#operations';
import type { Logger } from '#platform';
import type { OutcomeHistory } from '#redis';
import type { IdempotencyKeys, PublishAccessMail, SettingsRepository, TestMailLimits } from '#settings';
import { AccessController, type OperateDeps } from './access/access.controller.ts';
import { IpPhonePasswordController } from './access/ip-phone-password.controller.ts';
import { SelfCareController } from './access/self-care.controller.ts';
import { DryRunController } from './dry-run.controller.ts';
import { LineController } from './line.controller.ts';
import { MailController } from './mail.controller.ts';
import { NumberController } from './number.controller.ts';
import { FaxEventsController } from './faxes/fax-events.controller.ts';
import type { KeepFaxes } from './faxes/keep-faxes.ts';
import type { KeepOutcomes } from './outcomes/keep-outcomes.ts';
import { NotifyOutcomesController } from './outcomes/notify-outcomes.controller.ts';
import { OutcomeController } from './outcomes/outcome.controller.ts';
import {
  ACCESS,
  BRANDS,
  KEEP_FAXES,
  KEEP_OUTCOMES,
  LOGGER,
  MAILS,
  OUTCOME_HISTORY,
  REPOSITORY,
  SETTINGS,
} from './tokens.ts';

/** The dependencies of the controllers. */
export interface SettingsParts {
  readonly repository: SettingsRepository;
  readonly brands: Brands;
  readonly accessStore: AccessStore;
  readonly hasher: PasswordHasher;
  readonly publishAccessMail: PublishAccessMail;
  readonly sealKeys: readonly SealKey[];
  readonly sendCommand: SendCommand;
  readonly testMailLimits: TestMailLimits;
  readonly idempotencyKeys: IdempotencyKeys;
  readonly outcomeHistory: OutcomeHistory;
  readonly actionLog: ActionLog;
  readonly keepOutcomes: KeepOutcomes;
  readonly keepFaxes: KeepFaxes;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const CONTROLLERS = [
  LineController,
  NumberController,
  DryRunController,
  AccessController,
  SelfCareController,
  IpPhonePasswordController,
  MailController,
  OutcomeController,
  NotifyOutcomesController,
  FaxEventsController,
];

/** What looking at logins and changing them needs, of the parts of the API. */
export function operateDeps({
  accessStore: store,
  repository: lines,
  hasher,
  brands,
  now,
}: SettingsParts): OperateDeps {
  const policyOf: OperateDeps['policyOf'] = (brand) => policyOfBrand(brands.get(brand)?.password);
  return { store, lines, hasher, policyOf, now };
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
      sealKeys: parts.sealKeys,
      now,
    };
    return {
      module: SettingsModule,
      controllers: CONTROLLERS,
      providers: [
        { provide: SETTINGS, useValue: { repository, brands } },
        { provide: MAILS, useValue: mails },
        { provide: ACCESS, useValue: operateDeps(parts) },
        { provide: BRANDS, useValue: brands },
        { provide: REPOSITORY, useValue: repository },
        { provide: OUTCOME_HISTORY, useValue: parts.outcomeHistory },
        { provide: KEEP_OUTCOMES, useValue: parts.keepOutcomes },
        { provide: KEEP_FAXES, useValue: parts.keepFaxes },
        { provide: LOGGER, useValue: parts.logger },
      ],
    };
  }
}
