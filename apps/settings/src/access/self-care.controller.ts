import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { deleteSelfCare, getSelfCare, putSelfCare, type SelfCareProfile } from '#access';
import type { Brands } from '#mail';
import { readDocument } from '#rules';
import { problems } from '../http/problem.ts';
import { ACCESS, BRANDS } from '../tokens.ts';
import type { OperateDeps } from './access.controller.ts';
import { SELF_CARE_ID, selfCareInput } from './self-care-input.ts';

/** The brand of the IP phone service (V4), for ids whose numbers are of no known line. */
const IP_PHONE_BRAND = 'rakuten-mobile';

type SelfCareDocument = Omit<SelfCareProfile, 'brand'>;

/** Makes the self-care ids of the IP phone service known (A14). No password is ever read back. */
@Controller('v1/self-care/:id')
export class SelfCareController {
  readonly #access: OperateDeps;
  readonly #brands: Brands;

  constructor(@Inject(ACCESS) access: OperateDeps, @Inject(BRANDS) brands: Brands) {
    this.#access = access;
    this.#brands = brands;
  }

  @Get()
  async get(@Param('id') id: string): Promise<SelfCareDocument> {
    const profile = await getSelfCare(this.#access, knownForm(id));
    if (!profile) throw problems.unknown('self-care id');
    return shown(profile);
  }

  @Put()
  async put(
    @Param('id') id: string,
    @Body() document: unknown,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<SelfCareDocument> {
    const message = 'expected 1 to 32 letters, digits, - and _';
    if (!SELF_CARE_ID.test(id)) throw problems.invalid([{ path: 'id', code: 'text', message }]);
    const read = readDocument(selfCareInput, document);
    if (!read.ok) throw problems.invalid(read.errors);
    const brand = await this.#brandOf(read.value.numbers);
    const isNew = await putSelfCare(this.#access, id, { ...read.value, brand });
    response.statusCode = isNew ? 201 : 200;
    return shown(read.value);
  }

  @Delete()
  @HttpCode(204)
  async delete(@Param('id') id: string): Promise<void> {
    if (!(await deleteSelfCare(this.#access, knownForm(id)))) throw problems.unknown('self-care id');
  }

  /** That of the first number's line; else the IP phone service's, where it is a brand here. */
  async #brandOf([number = '']: readonly string[]): Promise<string> {
    const line = await this.#access.lines.findLine(number);
    if (line) return line.brand;
    const [first = ''] = this.#brands.keys();
    return this.#brands.has(IP_PHONE_BRAND) ? IP_PHONE_BRAND : first;
  }
}

/** The id of a path; throws 404 for what can be none. */
function knownForm(id: string): string {
  if (SELF_CARE_ID.test(id)) return id;
  throw problems.unknown('self-care id');
}

const shown = ({ numbers, address, service }: SelfCareDocument): SelfCareDocument => ({
  numbers,
  address,
  service,
});
