import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import {
  countLogin,
  findOperator,
  logInOperator,
  logOutOperator,
  type LoginMetrics,
  type OperatorDeps,
  type OperatorResult,
} from '#access';
import type { ActionLog } from '#operations';
import { nextPath, shownWait, tooEarly, type Json, type PageContent, type SeeOther } from '#pages';
import type { Logger } from '#platform';
import { ACTION_LOG, LOGGER, LOGIN_METRICS, OPERATORS } from '../../../tokens.ts';
import { cookieOf, NO_OPERATOR, operatorSecret } from '../../http/operator-cookie.ts';
import { operatorOf, type OpsRequest, type OpsRoute } from '../../http/ops-request.ts';
import { noticeOf, operatorLoginPage } from './view.tsx';

export const LOGIN_ROUTES: readonly OpsRoute[] = [
  { path: '/ops/login', methods: ['GET', 'POST'], who: 'open' },
  { path: '/ops/logout', methods: ['POST'], who: 'open' },
  { path: '/ops/session', methods: ['POST'], who: 'operator' },
];

const REFUSED = 'トークンが正しくありません。SETTINGS_API_TOKENSの値をご確認ください。';

/** The way in by a token, and the way out. */
@Controller()
export class OpsLoginController {
  readonly #operators: OperatorDeps;
  readonly #metrics: LoginMetrics;
  readonly #log: ActionLog;
  readonly #logger: Logger;

  constructor(
    @Inject(OPERATORS) operators: OperatorDeps,
    @Inject(LOGIN_METRICS) metrics: LoginMetrics,
    @Inject(ACTION_LOG) log: ActionLog,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#operators = operators;
    this.#metrics = metrics;
    this.#log = log;
    this.#logger = logger;
  }

  @Get('/ops/login')
  show(@Req() { query }: OpsRequest): PageContent {
    return { ...operatorLoginPage({ next: ownPath(query) }), ...noticeOf(query.get('why')) };
  }

  @Post('/ops/login')
  async logIn(@Req() request: OpsRequest): Promise<PageContent | SeeOther> {
    const { form, headers, ip = '' } = request;
    // Whoever copies a token often takes a blank with it; a token has none.
    const token = form.value('token').trim();
    const next = ownPath({ get: form.value });
    if (token === '') return operatorLoginPage({ next, errors: { token: 'トークンを入力してください。' } });
    const trying = logInOperator(this.#operators, {
      token,
      source: ip,
      before: operatorSecret(headers),
    });
    const result = await countLogin(this.#metrics, 'operator', trying);
    const client = result.kind === 'in' ? result.name : undefined;
    this.#logger.info({ client, result: result.kind }, 'an operator tried to log in');
    await this.#record(result, ip);
    if (result.kind === 'in') return { seeOther: next || '/ops', cookies: cookieOf(result.secret) };
    if (result.kind === 'refused') return operatorLoginPage({ next, errors: { token: REFUSED } });
    const wait = `ログインの失敗が続いています。あと${shownWait(result.seconds)}待ってから、もう一度お試しください。`;
    return tooEarly(operatorLoginPage({ next, errors: { '': wait } }), result.seconds);
  }

  @Post('/ops/logout')
  async logOut(@Req() request: OpsRequest): Promise<SeeOther> {
    const { headers, ip } = request;
    const found = await findOperator(this.#operators, operatorSecret(headers));
    // Nobody is kept in because it cannot be recorded that he leaves.
    await logOutOperator(this.#operators, operatorSecret(headers));
    if (found.kind === 'found') {
      await this.#log.note({ ...by(found.operator.name, ip), action: 'log-out', result: 'done' });
      // For the log of requests.
      request.operator = found.operator;
    }
    return {
      seeOther: '/ops/login?why=log-out',
      cookies: NO_OPERATOR,
      headers: { 'clear-site-data': '"cache", "storage"' },
    };
  }

  /** Records a try (O6), before the browser gets its cookie; those that came too early are too many to be kept. */
  async #record(result: OperatorResult, ip: string): Promise<void> {
    if (result.kind === 'in')
      await this.#log.note({ ...by(result.name, ip), action: 'log-in', result: 'done' });
    if (result.kind === 'refused')
      await this.#log.note({ ...by(null, ip), action: 'log-in', result: 'refused', code: 'unknown-token' });
  }

  /** Prolongs the session, which finding it has done already. */
  @Post('/ops/session')
  prolong(@Req() request: OpsRequest): Json {
    return { json: { secondsLeft: operatorOf(request).secondsLeft } };
  }
}

const by = (name: string | null, ip: string | undefined) =>
  ({ by: name, door: 'page', subject: null, ...(ip && { address: ip }) }) as const;

/** Where a login leads back to: one of the operator's pages, or nowhere. */
function ownPath(values: { readonly get: (name: string) => string | null }): string {
  const next = nextPath(values);
  return next.startsWith('/ops/') && !next.includes('..') ? next : '';
}
