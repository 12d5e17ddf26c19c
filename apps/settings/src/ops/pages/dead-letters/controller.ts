import { Controller, Get, Inject, Post, Req } from '@nestjs/common';
import {
  closeDeadLetters,
  replayDeadLetters,
  selectDeadLetters,
  viewDeadLetter,
  type DeadLetter,
  type HandlingDeps,
} from '#operations';
import { PageError, type PageContent, type SeeOther } from '#pages';
import { LETTERS } from '../../../tokens.ts';
import { DONE_IS_SAID, justDone, seeDone } from '../../http/done-cookie.ts';
import { operatorOf, type OpsRequest, type OpsRoute } from '../../http/ops-request.ts';
import type { Recent } from '../../recent.ts';
import { confirmHandlingPage, HANDLING_WORDS, letterPage, type HandlingName } from './letter-page.tsx';
import { letterPath, LETTERS_PATH } from '../../paths.ts';
import { deadLettersPage } from './list-page.tsx';

const LETTER = `${LETTERS_PATH}/:id`;
const HANDLE = `${LETTER}/:what`;

export const LETTER_ROUTES: readonly OpsRoute[] = [
  { path: LETTERS_PATH, methods: ['GET'], who: 'operator' },
  { path: LETTER, methods: ['GET'], who: 'operator' },
  { path: HANDLE, methods: ['GET', 'POST'], who: 'operator' },
];

/** So many of the newest records of each partition are looked through, however many there are. */
export const LETTERS_BOUND = 500;

/** What the pages of dead letters need. */
export interface LettersDeps extends Omit<HandlingDeps, 'operator'> {
  /** The dead letters among them, copies too. */
  readonly copies: Recent<readonly DeadLetter[]>;
}

/** What was done, as the page says it after a form. */
const NOTICES: Readonly<Record<string, Pick<PageContent, 'notice' | 'noticeKind'>>> = {
  replay: { notice: HANDLING_WORDS.replay.done },
  close: { notice: HANDLING_WORDS.close.done },
  already: { notice: 'すでに対応済みのため、何もしていません。', noticeKind: 'warning' },
  'not-replayable': { notice: '再投入できないため、何もしていません。', noticeKind: 'warning' },
};

/** Dead letters: what they are, and what a person does about them (ADR 0008, ADR 0014). */
@Controller()
export class LettersController {
  readonly #deps: LettersDeps;

  constructor(@Inject(LETTERS) deps: LettersDeps) {
    this.#deps = deps;
  }

  @Get(LETTERS_PATH)
  async list(@Req() { query }: OpsRequest): Promise<PageContent> {
    const reason = query.get('reason') ?? '';
    const all = query.get('all') === 'yes';
    const copies = await this.#deps.copies.lately();
    const asked = { ...(reason && { reason }), waiting: !all };
    const letters = selectDeadLetters(copies, asked).toReversed();
    const waiting = selectDeadLetters(copies, { waiting: true }).length;
    return deadLettersPage({ letters, reason, all, waiting, bound: LETTERS_BOUND });
  }

  @Get(LETTER)
  async show(@Req() request: OpsRequest): Promise<PageContent> {
    const letter = letterOf(request, await this.#deps.copies.lately());
    const view = viewDeadLetter(letter, this.#deps.topicPrefix, this.#deps.now());
    const page = letterPage(letter, view);
    const done = justDone(request, letterPath(letter)) ?? '';
    return Object.hasOwn(NOTICES, done) ? { ...page, ...NOTICES[done], headers: DONE_IS_SAID } : page;
  }

  @Get(HANDLE)
  async confirm(@Req() request: OpsRequest): Promise<PageContent | SeeOther> {
    const what = handlingOf(request);
    const letter = letterOf(request, await this.#deps.copies.lately());
    return letter.handled ? seeDone(letterPath(letter), 'already') : confirmHandlingPage(letter, what);
  }

  @Post(HANDLE)
  async handle(@Req() request: OpsRequest): Promise<SeeOther> {
    const what = handlingOf(request);
    const { copies, ...deps } = this.#deps;
    const all = await copies.now();
    const letter = letterOf(request, all);
    const { ip } = request;
    const operator = { by: operatorOf(request).name, door: 'page', ...(ip && { address: ip }) } as const;
    const done = letter.handled ? 'already' : await act({ ...deps, operator }, what, letter, all);
    // Whoever looks next sees the mark; it is there, also where Kafka shows it to nobody now.
    await copies.now().catch(() => undefined);
    return seeDone(letterPath(letter), done);
  }
}

/** Does it; a form that is sent twice opens no row twice (ADR 0008). */
async function act(
  deps: HandlingDeps,
  what: HandlingName,
  letter: DeadLetter,
  copies: readonly DeadLetter[],
): Promise<keyof typeof NOTICES> {
  if (what === 'close') {
    await closeDeadLetters(deps, [letter], copies);
    return 'close';
  }
  for await (const replayed of replayDeadLetters(deps, [letter], copies))
    if ('problem' in replayed) return 'not-replayable';
  return 'replay';
}

function handlingOf({ params }: OpsRequest): HandlingName {
  const { what = '' } = params;
  if (!Object.hasOwn(HANDLING_WORDS, what)) throw new PageError('not-found');
  return what as HandlingName;
}

function letterOf({ params }: OpsRequest, copies: readonly DeadLetter[]): DeadLetter {
  const letter = selectDeadLetters(copies, {}).find(({ id }) => id === params['id']);
  if (!letter) throw new PageError('not-found');
  return letter;
}
