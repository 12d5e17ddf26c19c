import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Put, Res } from '@nestjs/common';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Brands } from '#mail';
import type { Line, SettingsRepository } from '#settings';
import { lineInput, parseSubscriberNumber } from '#rules';
import { etag, preconditionOf } from '../http/preconditions.ts';
import { documentOf, numberInPath, stale, written } from '../http/input.ts';
import { problems } from '../http/problem.ts';
import { BRANDS, REPOSITORY } from '../tokens.ts';

type LineDocument = Omit<Line, 'lineNumber'>;

/** Lines and their numbers: what makes them known, and forgets them. */
@Controller('v1/lines/:lineNumber')
export class LineController {
  readonly #repository: SettingsRepository;
  readonly #brands: readonly string[];

  constructor(@Inject(REPOSITORY) repository: SettingsRepository, @Inject(BRANDS) brands: Brands) {
    this.#repository = repository;
    this.#brands = [...brands.keys()];
  }

  @Get()
  async get(
    @Param('lineNumber') path: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<LineDocument> {
    const found = await this.#repository.getLine(numberInPath(path, 'line'));
    if (!found) throw problems.unknown('line');
    response.setHeader('etag', etag(found.version));
    return shown(found.value);
  }

  @Put()
  async put(
    @Param('lineNumber') path: string,
    @Body() body: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<LineDocument> {
    const line = documentOf(lineInput({ lineNumber: newLineNumber(path), brands: this.#brands }), body);
    const condition = preconditionOf(headers);
    const result = await this.#repository.putLine(line, condition);
    const { version, created } = written(result, 'line', condition, (number) => takenAt(body, number));
    response.statusCode = created ? 201 : 200;
    response.setHeader('etag', etag(version));
    return shown(line);
  }

  @Delete()
  @HttpCode(204)
  async delete(@Param('lineNumber') path: string, @Headers() headers: IncomingHttpHeaders): Promise<void> {
    const condition = preconditionOf(headers);
    const result = await this.#repository.deleteLine(numberInPath(path, 'line'), condition);
    if (result === 'unknown') throw problems.unknown('line');
    if (result === 'stale') throw stale(condition);
  }
}

const shown = ({ brand, numbers, contractor }: Line): LineDocument => ({ brand, numbers, contractor });

/** The path of a line that may not be known yet: what cannot be a number is wrong, not unknown. */
function newLineNumber(path: string): string {
  const parsed = parseSubscriberNumber(path);
  if (parsed.ok) return parsed.number;
  throw problems.invalid(parsed.problems.map(({ code, message }) => ({ path: 'lineNumber', code, message })));
}

function takenAt(body: unknown, number: string): string {
  const { numbers = [] } = body as { numbers?: string[] };
  const index = numbers.findIndex((text) => {
    const parsed = parseSubscriberNumber(text);
    return parsed.ok && parsed.number === number;
  });
  return index < 0 ? 'lineNumber' : `numbers.${index}`;
}
