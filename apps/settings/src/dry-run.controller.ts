import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { dryRun, type DryRun, type SettingsDeps } from '#settings';
import { given } from './http/answer.ts';
import { SETTINGS } from './tokens.ts';

/** V7: what would happen if somebody rang now. */
@Controller('v1/numbers/:number/dry-run')
export class DryRunController {
  readonly #settings: SettingsDeps;

  constructor(@Inject(SETTINGS) settings: SettingsDeps) {
    this.#settings = settings;
  }

  @Post()
  @HttpCode(200)
  async postDryRun(@Param('number') number: string, @Body() document: unknown): Promise<Omit<DryRun, 'ok'>> {
    const { reason, recipients } = given(await dryRun(this.#settings, number, document));
    return { reason, recipients };
  }
}
