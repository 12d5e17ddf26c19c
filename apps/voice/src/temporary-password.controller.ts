import { Body, Controller, Get, Inject, Post, Query, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { DIALOGUE } from './tokens.ts';
import type { PhoneDialogue } from './phone-dialogue.ts';

/** The temporary password's dialogue (A2): each answer is one VoiceXML document. */
@Controller('temporary-password')
export class TemporaryPasswordController {
  readonly #dialogue: PhoneDialogue;

  constructor(@Inject(DIALOGUE) dialogue: PhoneDialogue) {
    this.#dialogue = dialogue;
  }

  @Get()
  async begin(@Query('caller') caller: unknown, @Res() response: ServerResponse): Promise<void> {
    answer(response, await this.#dialogue.begin(typeof caller === 'string' ? caller : ''));
  }

  @Post()
  async goOn(@Body() body: unknown, @Res() response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(typeof body === 'string' ? body : '');
    const [call = '', step, keys = ''] = ['call', 'step', 'keys'].map((name) => form.get(name) ?? '');
    answer(response, await this.#dialogue.goOn({ call, step: Number(step), keys }));
  }
}

function answer(response: ServerResponse, document: string): void {
  response.statusCode = 200;
  response.setHeader('content-type', 'application/voicexml+xml');
  response.setHeader('cache-control', 'no-store');
  response.end(document);
}
