import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import { accessState, intervene, INTERVENTIONS, type Intervention, type Line } from '#access';
import type { ActionLog } from '#operations';
import { PageError, type PageContent, type SeeOther } from '#pages';
import { parseSubscriberNumber } from '#rules';
import type { OperateDeps } from '../../../access/access.controller.ts';
import { ACCESS, ACTION_LOG } from '../../../tokens.ts';
import { DONE_IS_SAID, justDone, seeDone } from '../../http/done-cookie.ts';
import { operatorOf, type OpsRequest, type OpsRoute } from '../../http/ops-request.ts';
import { accessPath, NUMBERS_PATH } from '../../paths.ts';
import { accessPage, confirmInterventionPage, INTERVENTION_WORDS, numberPage } from './view.tsx';

const ACCESS_PATH = `${NUMBERS_PATH}/:number/access`;
const INTERVENE = `${ACCESS_PATH}/:what`;

export const ACCESS_ROUTES: readonly OpsRoute[] = [
  { path: NUMBERS_PATH, methods: ['GET', 'POST'], who: 'operator' },
  { path: ACCESS_PATH, methods: ['GET'], who: 'operator' },
  { path: INTERVENE, methods: ['GET', 'POST'], who: 'operator' },
];

/** The login of a number, and what an operator does to it (A15). */
@Controller()
export class OpsAccessController {
  readonly #access: OperateDeps;
  readonly #log: ActionLog;

  constructor(@Inject(ACCESS) access: OperateDeps, @Inject(ACTION_LOG) log: ActionLog) {
    this.#access = access;
    this.#log = log;
  }

  @Get(NUMBERS_PATH)
  ask(): PageContent {
    return numberPage('');
  }

  @Post(NUMBERS_PATH)
  async find(@Req() { form }: OpsRequest): Promise<PageContent | SeeOther> {
    const typed = form.value('number');
    const parsed = parseSubscriberNumber(typed);
    if (!parsed.ok) return numberPage(typed, { number: '電話番号を10桁または11桁で入力してください。' });
    const line = await this.#access.lines.findLine(parsed.number);
    if (!line) return numberPage(typed, { number: 'この電話番号は登録されていません。' });
    return { seeOther: accessPath(parsed.number) };
  }

  @Get(ACCESS_PATH)
  async show(@Req() request: OpsRequest): Promise<PageContent> {
    const { line, number } = await this.#lineOf(request);
    const what = justDone(request, accessPath(number));
    const done = INTERVENTIONS.find((one) => one === what);
    const page = accessPage(number, line, await accessState(this.#access, line, number));
    return done ? { ...page, notice: INTERVENTION_WORDS[done].done, headers: DONE_IS_SAID } : page;
  }

  @Get(INTERVENE)
  async confirm(@Req() request: OpsRequest): Promise<PageContent> {
    const what = interventionOf(request);
    return confirmInterventionPage((await this.#lineOf(request)).number, what);
  }

  /** A form that is sent twice does the same twice, which changes nothing more. */
  @Post(INTERVENE)
  async intervene(@Req() request: OpsRequest): Promise<SeeOther> {
    const what = interventionOf(request);
    const { line, number } = await this.#lineOf(request);
    const { ip } = request;
    const by = operatorOf(request).name;
    await this.#log.carryOut(
      { action: what, by, door: 'page', subject: number, ...(ip && { address: ip }) },
      () => intervene(this.#access, line, { number, what, by }),
      () => undefined,
    );
    return seeDone(accessPath(number), what);
  }

  async #lineOf({ params }: OpsRequest): Promise<{ readonly line: Line; readonly number: string }> {
    const parsed = parseSubscriberNumber(params['number'] ?? '');
    const line = parsed.ok ? await this.#access.lines.findLine(parsed.number) : undefined;
    if (!parsed.ok || !line) throw new PageError('not-found');
    return { line, number: parsed.number };
  }
}

function interventionOf({ params }: OpsRequest): Intervention {
  const what = INTERVENTIONS.find((one) => one === params['what']);
  if (!what) throw new PageError('not-found');
  return what;
}
