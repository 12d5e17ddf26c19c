import { Body, Controller, HttpCode, Inject, Param, Put, Req } from '@nestjs/common';
import { setIpPhonePassword } from '#access';
import type { Logger } from '#platform';
import { isContracted, readDocument } from '#rules';
import type { ClientRequest } from '../http/front-door.ts';
import { numberInPath } from '../http/number-in-path.ts';
import { problems } from '../http/problem.ts';
import { ACCESS, LOGGER } from '../tokens.ts';
import type { OperateDeps } from './access.controller.ts';
import { ipPhonePasswordInput } from './ip-phone-password-input.ts';

/** Makes the current password of an IP phone known (V4). It is never read back. */
@Controller('v1/numbers/:number/ip-phone-password')
export class IpPhonePasswordController {
  readonly #access: OperateDeps;
  readonly #logger: Logger;

  constructor(@Inject(ACCESS) access: OperateDeps, @Inject(LOGGER) logger: Logger) {
    this.#access = access;
    this.#logger = logger;
  }

  @Put()
  @HttpCode(204)
  async put(
    @Param('number') path: string,
    @Body() document: unknown,
    @Req() { client }: ClientRequest,
  ): Promise<void> {
    const number = await this.#ipPhone(path);
    const read = readDocument(ipPhonePasswordInput, document);
    if (!read.ok) throw problems.invalid(read.errors);
    await setIpPhonePassword(this.#access, number, read.value.password);
    // The logger masks the number (O5).
    this.#logger.info({ client, number }, 'an operator made the password of an IP phone known');
  }

  /** Throws 404 for a number that is no IP phone's, and 409 for one of a line that has no such service. */
  async #ipPhone(path: string): Promise<string> {
    const number = numberInPath(path);
    if (!number.startsWith('050')) throw problems.unknown('number');
    const line = await this.#access.lines.findLine(number);
    if (line && !isContracted(line, number, 'ip-phone')) throw problems.notContracted('ip-phone');
    return number;
  }
}
