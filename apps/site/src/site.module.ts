import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { AccessDeps } from '#access';
import type { Brands } from '#mail';
import type { Logger } from '#platform';
import type { PageRoute } from './http/route-table.ts';
import { CODE_ROUTES, CodeController } from './pages/code/controller.ts';
import { CONFIRMATION_ROUTES, ConfirmationController } from './pages/confirmation/controller.ts';
import { LOGIN_ROUTES, LoginController } from './pages/login/controller.ts';
import { MENU_ROUTES, MenuController } from './pages/menu/controller.ts';
import { ADDRESS_ROUTES, AddressController } from './pages/one-time-password/address.controller.ts';
import { ONE_TIME_PASSWORD_ROUTES, OneTimePasswordController } from './pages/one-time-password/controller.ts';
import { PASSWORD_ROUTES, PasswordController } from './pages/password/controller.ts';
import { REGISTRATION_ROUTES, RegistrationController } from './pages/registration/controller.ts';
import { SELF_CARE_ROUTES, SelfCareController } from './pages/self-care/controller.ts';
import { SERVICES_ROUTES, ServicesController } from './pages/services/controller.ts';
import { TOP_ROUTES, TopController } from './pages/top/controller.ts';
import { UNIT_ROUTES, UnitController } from './pages/unit/controller.ts';
import { ACCESS, BRANDS, LOGGER } from './tokens.ts';

/** The pages of a site: their controllers, and every page's rows of the table of routes. */
export interface Pages {
  readonly module: Type | DynamicModule;
  readonly routes: readonly PageRoute[];
}

/** What the pages need. */
export interface PageParts {
  readonly access: AccessDeps;
  readonly brands: Brands;
  readonly logger: Logger;
}

@Module({})
class SiteModule {}

/** The pages of the subscribers' site. */
export function sitePages({ access, brands, logger }: PageParts): Pages {
  const module: DynamicModule = {
    module: SiteModule,
    controllers: CONTROLLERS,
    providers: [
      { provide: ACCESS, useValue: access },
      { provide: BRANDS, useValue: brands },
      { provide: LOGGER, useValue: logger },
    ],
  };
  return { module, routes: ROUTES };
}

const CONTROLLERS = [
  TopController,
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
  SelfCareController,
];

const ROUTES: readonly PageRoute[] = [
  ...TOP_ROUTES,
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
  ...SELF_CARE_ROUTES,
];
