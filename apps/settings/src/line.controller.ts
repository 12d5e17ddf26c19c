import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Put, Res } from '@nestjs/common';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { BulkTransferSettings, FaultNotice } from '#rules';
import {
  deleteLine,
  readBulkTransfer,
  readFaultNotice,
  readLine,
  writeBulkTransfer,
  writeFaultNotice,
  writeLine,
  type Line,
  type SettingsDeps,
} from '#settings';
import { given, shownNotice } from './http/answer.ts';
import { etag, preconditionOf } from './http/preconditions.ts';
import { SETTINGS } from './tokens.ts';

type LineDocument = Omit<Line, 'lineNumber'>;

/** Creates, reads and deletes lines with their numbers, and edits the fault notice (R1, R3) and bulk transfer (V2) of each. */
@Controller('v1/lines/:lineNumber')
export class LineController {
  readonly #settings: SettingsDeps;

  constructor(@Inject(SETTINGS) settings: SettingsDeps) {
    this.#settings = settings;
  }

  @Get()
  async get(
    @Param('lineNumber') lineNumber: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<LineDocument> {
    const { value, version } = given(await readLine(this.#settings, lineNumber));
    response.setHeader('etag', etag(version));
    return shown(value);
  }

  @Put()
  async put(
    @Param('lineNumber') lineNumber: string,
    @Body() document: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<LineDocument> {
    const condition = preconditionOf(headers);
    const result = await writeLine(this.#settings, lineNumber, { document, condition });
    const { value, version, created } = given(result, condition);
    response.statusCode = created ? 201 : 200;
    response.setHeader('etag', etag(version));
    return shown(value);
  }

  @Delete()
  @HttpCode(204)
  async delete(
    @Param('lineNumber') lineNumber: string,
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<void> {
    const condition = preconditionOf(headers);
    given(await deleteLine(this.#settings, lineNumber, condition), condition);
  }

  @Get('fault-notice')
  async getFaultNotice(
    @Param('lineNumber') lineNumber: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<FaultNotice> {
    const found = given(await readFaultNotice(this.#settings, lineNumber));
    response.setHeader('etag', etag(found.version));
    return shownNotice(found);
  }

  @Put('fault-notice')
  async putFaultNotice(
    @Param('lineNumber') lineNumber: string,
    @Body() document: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<FaultNotice> {
    const condition = preconditionOf(headers);
    const result = await writeFaultNotice(this.#settings, lineNumber, { document, condition });
    const written = given(result, condition);
    response.setHeader('etag', etag(written.version));
    return shownNotice(written);
  }

  @Get('bulk-transfer')
  async getBulkTransfer(
    @Param('lineNumber') lineNumber: string,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<BulkTransferSettings> {
    const { value, version } = given(await readBulkTransfer(this.#settings, lineNumber));
    response.setHeader('etag', etag(version));
    return value;
  }

  @Put('bulk-transfer')
  async putBulkTransfer(
    @Param('lineNumber') lineNumber: string,
    @Body() document: unknown,
    @Headers() headers: IncomingHttpHeaders,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<BulkTransferSettings> {
    const condition = preconditionOf(headers);
    const result = await writeBulkTransfer(this.#settings, lineNumber, { document, condition });
    const { value, version } = given(result, condition);
    response.setHeader('etag', etag(version));
    return value;
  }
}

const shown = ({ brand, numbers, contractor, services }: Line): LineDocument => ({
  brand,
  numbers,
  contractor,
  ...(services && { services }),
});
