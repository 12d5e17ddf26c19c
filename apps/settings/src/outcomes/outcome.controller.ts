import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import type { Outcome, OutcomeHistory, OutcomePage } from '#redis';
import { readDocument } from '#rules';
import type { SettingsRepository } from '#settings';
import { numberInPath } from '../http/number-in-path.ts';
import { problems } from '../http/problem.ts';
import { OUTCOME_HISTORY, REPOSITORY } from '../tokens.ts';
import { eventQuery, outcomeQuery } from './outcome-query.ts';

/** What became of events: for a number, or of one event. */
@Controller('v1')
export class OutcomeController {
  readonly #history: OutcomeHistory;
  readonly #repository: SettingsRepository;

  constructor(
    @Inject(OUTCOME_HISTORY) history: OutcomeHistory,
    @Inject(REPOSITORY) repository: SettingsRepository,
  ) {
    this.#history = history;
    this.#repository = repository;
  }

  @Get('numbers/:number/outcomes')
  async ofNumber(@Param('number') path: string, @Query() query: unknown): Promise<OutcomePage> {
    const number = numberInPath(path);
    const page = await this.#history.ofNumber({ number, ...queryOf(outcomeQuery, query) });
    if (!page)
      throw problems.invalid([
        { path: 'cursor', code: 'cursor', message: 'expected the nextCursor of a page' },
      ]);
    // A number that nobody has any more can have outcomes of the time when somebody had it.
    if (page.items.length === 0 && !(await this.#repository.getNumber(number)))
      throw problems.unknown('number');
    return page;
  }

  @Get('outcomes/:eventId')
  async ofEvent(@Param('eventId') eventId: string, @Query() query: unknown): Promise<Outcome> {
    const { source } = queryOf(eventQuery, query);
    const [outcome, ...others] = await this.#history.ofEvent(eventId, source);
    if (!outcome) throw problems.unknown('event');
    if (others.length > 0)
      throw problems.ambiguous([outcome, ...others].map(({ eventSource }) => eventSource));
    return outcome;
  }
}

/** Parses a query by its schema; throws 422 with every problem. */
function queryOf<T>(schema: z.ZodType<T>, query: unknown): T {
  const read = readDocument(schema, query);
  if (!read.ok) throw problems.invalid(read.errors);
  return read.value;
}
