import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { z } from 'zod';
import {
  accessState,
  intervene,
  INTERVENTIONS,
  setTemporaryPassword,
  type AccessDeps,
  type Line,
} from '#access';
import type { Logger } from '#platform';
import { readDocument } from '#rules';
import type { ClientRequest } from '../http/front-door.ts';
import { numberInPath } from '../http/number-in-path.ts';
import { problems } from '../http/problem.ts';
import { ACCESS, LOGGER } from '../tokens.ts';
import { shownAccess, type accessDocument } from './access-document.ts';
import { temporaryPasswordInput } from './temporary-password-input.ts';

/** The switch knows who called, and has checked what A2 says of callers; this is what remains to be refused. */
const NOT_THE_LINE_NUMBER = {
  path: 'unit',
  code: 'not-the-line-number',
  message: 'expected the line number: under line no other number has a password',
};

/** What the controllers of logins need. */
export type OperateDeps = Pick<AccessDeps, 'store' | 'lines' | 'hasher' | 'policyOf' | 'now'>;

/** What the help desk sees of a number's login and does to it (A15), and temporary passwords (A2). */
@Controller('v1/numbers/:number')
export class AccessController {
  readonly #access: OperateDeps;
  readonly #logger: Logger;

  constructor(@Inject(ACCESS) access: OperateDeps, @Inject(LOGGER) logger: Logger) {
    this.#access = access;
    this.#logger = logger;
  }

  @Get('access')
  async getAccess(@Param('number') path: string): Promise<z.output<typeof accessDocument>> {
    const { line, number } = await this.#lineOf(path);
    return shownAccess(await accessState(this.#access, line, number));
  }

  @Post('temporary-password')
  @HttpCode(204)
  async postTemporaryPassword(
    @Param('number') path: string,
    @Body() document: unknown,
    @Req() { client }: ClientRequest,
  ): Promise<void> {
    const { line, number } = await this.#lineOf(path);
    const read = readDocument(temporaryPasswordInput(number), document);
    if (!read.ok) throw problems.invalid(read.errors);
    const isSet = await setTemporaryPassword(this.#access, line, { number, ...read.value, by: client });
    if (!isSet) throw problems.invalid([NOT_THE_LINE_NUMBER]);
    this.#record(client, 'temporary-password', number);
  }

  @Post('access/:intervention')
  @HttpCode(204)
  async postIntervention(
    @Param('number') path: string,
    @Param('intervention') name: string,
    @Req() { client }: ClientRequest,
  ): Promise<void> {
    const what = INTERVENTIONS.find((one) => one === name);
    if (!what) throw problems.noSuchPath();
    const { line, number } = await this.#lineOf(path);
    await intervene(this.#access, line, { number, what, by: client });
    this.#record(client, what, number);
  }

  async #lineOf(path: string): Promise<{ readonly line: Line; readonly number: string }> {
    const number = numberInPath(path);
    const line = await this.#access.lines.findLine(number);
    if (!line) throw problems.unknown('number');
    return { line, number };
  }

  /** The logger masks the number (O5). */
  #record(client: string, intervention: string, number: string): void {
    this.#logger.info({ client, intervention, number }, 'an operator changed a login');
  }
}
