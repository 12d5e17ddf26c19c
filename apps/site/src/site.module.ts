import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { AccessDeps } from '#access';
import type { Brands } from '#mail';
import type { Logger } from '#platform';
import type { OutcomeHistory, Uploads } from '#redis';
import type { SettingsDeps, TestMailDeps } from '#settings';
import type { PageRoute } from './http/page-route.ts';
import { BULK_TRANSFER_ROUTES, BulkTransferController } from './pages/bulk-transfer/controller.ts';
import { CALL_NOTICE_ROUTES, CallNoticeController } from './pages/call-notice/controller.ts';
import { CODE_ROUTES, CodeController } from './pages/code/controller.ts';
import { CONFIRMATION_ROUTES, ConfirmationController } from './pages/confirmation/controller.ts';
import { DRY_RUN_ROUTES, DryRunController } from './pages/dry-run/controller.ts';
import { HISTORY_ROUTES, HistoryController } from './pages/history/controller.ts';
import { FAULT_NOTICE_ROUTES, FaultNoticeController } from './pages/fault-notice/controller.ts';
import { FAX_NOTICE_ROUTES, FaxNoticeController } from './pages/fax-notice/controller.ts';
import { HELP_ROUTES, HelpController } from './pages/help/controller.ts';
import { IP_PHONE_PASSWORD_ROUTES, IpPhonePasswordController } from './pages/ip-phone-password/controller.ts';
import { CSV_ROUTES, CsvController } from './pages/csv/controller.ts';
import { LOGIN_ROUTES, LoginController } from './pages/login/controller.ts';
import { MENU_ROUTES, MenuController } from './pages/menu/controller.ts';
import { ADDRESS_ROUTES, AddressController } from './pages/one-time-password/address.controller.ts';
import { NOTICE_CONTROLLERS, NOTICE_ROUTES } from './pages/notice/controller.ts';
import { ONE_TIME_PASSWORD_ROUTES, OneTimePasswordController } from './pages/one-time-password/controller.ts';
import { PASSWORD_ROUTES, PasswordController } from './pages/password/controller.ts';
import {
  RECEIVED_FAXES_ROUTES,
  ReceivedFaxesController,
  type FaxDeps,
} from './pages/received-faxes/controller.ts';
import { REGISTRATION_ROUTES, RegistrationController } from './pages/registration/controller.ts';
import { SELF_CARE_ROUTES, SelfCareController } from './pages/self-care/controller.ts';
import { SERVICES_ROUTES, ServicesController } from './pages/services/controller.ts';
import { TOP_ROUTES, TopController } from './pages/top/controller.ts';
import { UNIT_ROUTES, UnitController } from './pages/unit/controller.ts';
import { VOICE_WARP_ROUTES, VoiceWarpController } from './pages/voice-warp/controller.ts';
import type { SiteMetrics } from './site-metrics.ts';
import { ACCESS, BRANDS, FAXES, HISTORY, LOGGER, METRICS, SETTINGS, TEST_MAILS, UPLOADS } from './tokens.ts';

/** The pages of a site: their controllers, and every page's rows of the table of routes. */
export interface Pages {
  readonly module: Type | DynamicModule;
  readonly routes: readonly PageRoute[];
}

/** What the pages need. */
export interface PageParts {
  readonly access: AccessDeps;
  readonly brands: Brands;
  readonly settings: SettingsDeps;
  readonly testMails: TestMailDeps;
  readonly history: OutcomeHistory;
  readonly faxes: FaxDeps;
  readonly uploads: Uploads;
  readonly metrics: SiteMetrics;
  readonly logger: Logger;
}

@Module({})
class SiteModule {}

/** The pages of the subscribers' site. */
export function sitePages(parts: PageParts): Pages {
  const module: DynamicModule = {
    module: SiteModule,
    controllers: CONTROLLERS,
    providers: [
      { provide: ACCESS, useValue: parts.access },
      { provide: BRANDS, useValue: parts.brands },
      { provide: SETTINGS, useValue: parts.settings },
      { provide: TEST_MAILS, useValue: parts.testMails },
      { provide: HISTORY, useValue: parts.history },
      { provide: FAXES, useValue: parts.faxes },
      { provide: UPLOADS, useValue: parts.uploads },
      { provide: METRICS, useValue: parts.metrics },
      { provide: LOGGER, useValue: parts.logger },
    ],
  };
  return { module, routes: ROUTES };
}

const CONTROLLERS = [
  TopController,
  HelpController,
  LoginController,
  MenuController,
  PasswordController,
  OneTimePasswordController,
  AddressController,
  CodeController,
  RegistrationController,
  ConfirmationController,
  UnitController,
  ServicesController,
  ...NOTICE_CONTROLLERS,
  CallNoticeController,
  DryRunController,
  HistoryController,
  FaxNoticeController,
  ReceivedFaxesController,
  FaultNoticeController,
  BulkTransferController,
  VoiceWarpController,
  SelfCareController,
  IpPhonePasswordController,
  CsvController,
];

const ROUTES: readonly PageRoute[] = [
  ...TOP_ROUTES,
  ...HELP_ROUTES,
  ...LOGIN_ROUTES,
  ...MENU_ROUTES,
  ...PASSWORD_ROUTES,
  ...ONE_TIME_PASSWORD_ROUTES,
  ...ADDRESS_ROUTES,
  ...CODE_ROUTES,
  ...REGISTRATION_ROUTES,
  ...CONFIRMATION_ROUTES,
  ...UNIT_ROUTES,
  ...SERVICES_ROUTES,
  ...NOTICE_ROUTES,
  ...CALL_NOTICE_ROUTES,
  ...DRY_RUN_ROUTES,
  ...HISTORY_ROUTES,
  ...FAX_NOTICE_ROUTES,
  ...RECEIVED_FAXES_ROUTES,
  ...FAULT_NOTICE_ROUTES,
  ...BULK_TRANSFER_ROUTES,
  ...VOICE_WARP_ROUTES,
  ...SELF_CARE_ROUTES,
  ...IP_PHONE_PASSWORD_ROUTES,
  ...CSV_ROUTES,
];
