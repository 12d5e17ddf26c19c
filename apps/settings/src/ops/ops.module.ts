import { Module, type DynamicModule } from '@nestjs/common';
import type { LoginMetrics, OperatorDeps } from '#access';
import type { RecordedAction } from '#events';
import type { ActionLog } from '#operations';
import type { Logger } from '#platform';
import type { ScreeningNames } from '#rules';
import type { RecentOutcomes } from '../outcomes/recent-outcomes.ts';
import {
  ACCESS,
  ACTION_LOG,
  ACTIONS,
  FLOW,
  LETTERS,
  LOGGER,
  LOGIN_METRICS,
  OPERATORS,
  OPS_HISTORY,
  RECENT_OUTCOMES,
  TELL_STORY,
  WORDS,
} from '../tokens.ts';
import type { OperateDeps } from '../access/access.controller.ts';
import type { Flow } from './flow/look-at-flow.ts';
import type { OpsRoute } from './http/ops-request.ts';
import { ACCESS_ROUTES, OpsAccessController } from './pages/access/controller.ts';
import { ACTIONS_ROUTES, ActionsController } from './pages/actions/controller.ts';
import { CARRIERS_ROUTES, CarriersController } from './pages/carriers/controller.ts';
import { LETTER_ROUTES, LettersController, type LettersDeps } from './pages/dead-letters/controller.ts';
import { EVENT_ROUTES, EventController, type TellStory } from './pages/event/controller.ts';
import { LOGIN_ROUTES, OpsLoginController } from './pages/login/controller.ts';
import { OpsOutcomesController, OUTCOMES_ROUTES, type SearchedHistory } from './pages/outcomes/controller.ts';
import { OVERVIEW_ROUTES, OverviewController } from './pages/overview/controller.ts';
import type { Recent } from './recent.ts';

/** What the operator's pages need. */
export interface OpsParts {
  readonly operators: OperatorDeps;
  readonly logins: LoginMetrics;
  readonly flow: () => Promise<Flow>;
  /** With the outcomes of a number's earlier contracts. */
  readonly history: SearchedHistory;
  readonly recent: RecentOutcomes;
  readonly tellStory: TellStory;
  /** What services are called in sentences. */
  readonly words: ScreeningNames;
  readonly access: OperateDeps;
  readonly letters: LettersDeps;
  readonly actionLog: ActionLog;
  readonly actions: Recent<readonly RecordedAction[]>;
  readonly logger: Logger;
}

@Module({})
class OpsModule {}

const CONTROLLERS = [
  OpsLoginController,
  OverviewController,
  OpsOutcomesController,
  EventController,
  CarriersController,
  LettersController,
  OpsAccessController,
  ActionsController,
];

/** Every operator's page: a route without a row is not found. */
export const OPS_ROUTES: readonly OpsRoute[] = [
  ...LOGIN_ROUTES,
  ...OVERVIEW_ROUTES,
  ...OUTCOMES_ROUTES,
  ...EVENT_ROUTES,
  ...CARRIERS_ROUTES,
  ...LETTER_ROUTES,
  ...ACCESS_ROUTES,
  ...ACTIONS_ROUTES,
];

/** The controllers of the operator's pages. */
export function opsModule(parts: OpsParts): DynamicModule {
  return {
    module: OpsModule,
    controllers: CONTROLLERS,
    providers: [
      { provide: OPERATORS, useValue: parts.operators },
      { provide: LOGIN_METRICS, useValue: parts.logins },
      { provide: FLOW, useValue: parts.flow },
      { provide: OPS_HISTORY, useValue: parts.history },
      { provide: RECENT_OUTCOMES, useValue: parts.recent },
      { provide: TELL_STORY, useValue: parts.tellStory },
      { provide: WORDS, useValue: parts.words },
      { provide: ACCESS, useValue: parts.access },
      { provide: LETTERS, useValue: parts.letters },
      { provide: ACTION_LOG, useValue: parts.actionLog },
      { provide: ACTIONS, useValue: parts.actions },
      { provide: LOGGER, useValue: parts.logger },
    ],
  };
}
