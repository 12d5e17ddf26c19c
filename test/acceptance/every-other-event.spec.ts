import { simpleParser } from 'mailparser';
import { seal } from '#events';
import { eventually } from '../support/eventually.ts';
import { mailsTo } from '../support/inbox.ts';
import { redisDump } from '../support/redis-dump.ts';
import { aSecret } from '../support/run-log.ts';
import { aOneTimePassword, beginStory, secondsAgo, STORY_KEY, type Story } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 60_000;
const address = (name: string): string => `${uniqueName(name)}@example.jp`;
let story: Story;

beforeAll(async () => {
  story = await beginStory();
}, LIMIT);

describe('Every other event becomes its mail', () => {
  it(
    'F1 F3 a FAX, with its number of pages',
    async () => {
      const number = '0312350001';
      const to = address('fax');
      await story.settings.putLine({
        lineNumber: number,
        brand: 'ntt-east',
        contractor: '',
        numbers: [number],
      });
      await story.settings.putSection(number, 'faxNotice', {
        enabled: true,
        recipients: [{ address: to, enabled: true }],
      });
      const id = await story.happens('fax.v1', number, {
        lineNumber: number,
        calledNumber: number,
        sender: { number: '0398765432' },
        receivedAt: secondsAgo(5),
        pages: 3,
        complete: true,
        documentId: 'f-1',
      });
      expect(await story.outcomeOf(id)).toMatchObject({
        kind: 'fax',
        reason: 'notify',
        recipients: [{ state: 'accepted' }],
      });
      expect((await mailsTo(to))[0]?.subject).toContain('FAX');
    },
    LIMIT,
  );

  it(
    'R2 R3 a fault and its recovery, with one command to the switch each',
    async () => {
      const line = '0312350002';
      const to = address('fault');
      const commands = await story.follow('switch-commands');
      await story.settings.putLine({ lineNumber: line, brand: 'ntt-west', contractor: '', numbers: [line] });
      await story.settings.putFaultNotice(line, {
        enabled: true,
        recipients: [{ address: to, enabled: true }],
        contractorName: '山田\u3000商店',
        location: '本店\u00a02階',
        autoStartTransfer: true,
        autoStopTransfer: true,
      });
      const faultId = uniqueName('flt');
      const fault = { lineNumber: line, faultId, at: secondsAgo(60) };
      await story.outcomeOf(await story.happens('fault.v1', line, fault));
      expect(await story.outcomeOf(await story.happens('fault.v1', line, fault))).toMatchObject({
        reason: 'already-notified',
      });
      await story.outcomeOf(await story.happens('recovery.v1', line, { ...fault, at: secondsAgo(5) }));
      const mails = await mailsTo(to);
      expect(mails.map(({ subject }) => subject)).toEqual([
        expect.stringContaining('故障'),
        expect.stringContaining('回復'),
      ]);
      for (const { raw } of mails) {
        const { text } = await simpleParser(raw);
        expect(text).toContain('山田\u3000商店');
        expect(text).toContain('本店\u00a02階');
      }
      await eventually(() => commands.length >= 2);
      expect(commands.map(({ value }) => JSON.parse(String(value)))).toMatchObject([
        { lineNumber: line, action: 'start', because: faultId },
        { lineNumber: line, action: 'stop', because: faultId },
      ]);
    },
    LIMIT,
  );

  it(
    'O1 O5 a one-time password, whose code is in the mail and nowhere else',
    async () => {
      const id = uniqueName('otp');
      const to = address('otp');
      const code = aSecret('48151623');
      await story.happens(
        'access-mail.v1',
        '0312350003',
        { ...aOneTimePassword('0312350003', to), sealed: seal({ code }, id, [STORY_KEY]) },
        id,
      );
      expect(await story.outcomeOf(id)).toMatchObject({
        reason: 'notify',
        recipients: [{ state: 'accepted' }],
      });
      const mail = await eventually(async () => (await mailsTo(to))[0]);
      expect(mail.subject).toContain('ワンタイムパスワード');
      expect(Buffer.from(mail.raw).toString('latin1').length).toBeGreaterThan(500);
      for (const topic of [
        'access-mails',
        'notify-outcomes',
        'notify-dlq',
        'access-retry-5s',
        'access-retry-30s',
      ]) {
        const records = await story.follow(topic);
        if (topic === 'access-mails' || topic === 'notify-outcomes')
          await eventually(() => records.length > 0);
        for (const { value, headers } of records) {
          expect(String(value)).not.toContain(code);
          expect(JSON.stringify(headers)).not.toContain(code);
        }
      }
      const dump = await redisDump(story.environment['REDIS_KEY_PREFIX'] ?? '');
      expect(dump).not.toBe('');
      expect(dump).not.toContain(code);
    },
    LIMIT,
  );

  it(
    'O1 an expired code is not sent',
    async () => {
      const id = uniqueName('old');
      const to = address('old');
      const times = { issuedAt: secondsAgo(301), expiresAt: secondsAgo(1) };
      const sealed = seal({ code: aSecret('11111112') }, id, [STORY_KEY]);
      const request = { ...aOneTimePassword('0312350004', to, times), sealed };
      await story.happens('access-mail.v1', '0312350004', request, id);
      expect(await story.outcomeOf(id)).toMatchObject({ reason: 'too-late', recipients: [] });
      expect(await mailsTo(to)).toEqual([]);
    },
    LIMIT,
  );

  it(
    'O5 a secret that cannot be unsealed goes to the dead letters and does not leak',
    async () => {
      const dead = await story.follow('notify-dlq');
      const id = uniqueName('sealed');
      const wrong = { id: 'test', key: Buffer.alloc(32, 9) };
      const data = {
        kind: 'two-step-code' as const,
        number: '0312350005',
        brand: 'rakuten-mobile',
        recipient: address('sealed'),
        issuedAt: secondsAgo(1),
        expiresAt: secondsAgo(-200),
        sealed: seal({ code: aSecret('98765432') }, id, [wrong]),
      };
      await story.happens('access-mail.v1', data.number, data, id);
      const record = await eventually(() => dead.find(({ headers }) => String(headers['ce_id']) === id));
      expect(String(record.headers['dlq-reason'])).toBe('seal-failed');
      expect(JSON.stringify(record.headers)).not.toContain('98765432');
      expect(await mailsTo(data.recipient)).toEqual([]);
    },
    LIMIT,
  );
});
