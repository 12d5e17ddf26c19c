import type { AccessMailEvent } from '#events';
import type { MailContent } from '../mail.ts';
import type { SendResult } from './mail-sender.ts';
import { showReply } from './reply.ts';
import { withoutSecret } from './without-secret.ts';

const secret = { code: '24681357' };
const event: AccessMailEvent = {
  kind: 'one-time-password',
  id: 'e-1',
  source: 'site',
  at: 0,
  number: '0312345678',
  brand: 'ntt-east',
  recipient: 'a@example.jp',
};
const withCode: MailContent = { event, secret };

function later(text: string): SendResult {
  return { kind: 'later', response: showReply({ code: 450, enhanced: '', text }), code: '450' };
}

describe('what is kept of an answer', () => {
  it('O5 holds no part of a code, wherever the answer is cut', () => {
    for (let before = 470; before < 520; before += 1) {
      const result = withoutSecret(later(`${'x'.repeat(before)} 24681357 is spam`), withCode);
      expect(JSON.stringify(result)).not.toMatch(/2468|1357/);
    }
  });

  it('is 500 characters at most, with a secret or without', () => {
    for (const content of [withCode, { event }]) {
      const result = withoutSecret(later('x '.repeat(9_000)), content);
      expect(result).toMatchObject({ response: expect.stringMatching(/^450 [x ]{496}…$/) as string });
    }
  });
});
