import { randomBytes } from 'node:crypto';
import { eventually } from '../support/eventually.ts';
import { mailsTo } from '../support/inbox.ts';
import { aCall, beginStory, subscribe, type Story } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 60_000;
let story: Story;

beforeAll(async () => {
  story = await beginStory();
}, LIMIT);

describe('A call becomes a mail', () => {
  it(
    'C1 C10 reaches each enabled recipient, and nobody else',
    async () => {
      const number = '0312340001';
      const [taro, hanako, off] = ['taro', 'hanako', 'off'].map(
        (name) => `${uniqueName(name)}@example.jp`,
      ) as [string, string, string];
      await subscribe(story, number, {
        to: [],
        recipients: [
          { address: taro, enabled: true },
          { address: hanako, enabled: true },
          { address: off, enabled: false },
        ],
      });
      const outcome = await story.outcomeOf(await story.happens('call.v1', number, aCall(number)));
      expect(outcome).toMatchObject({
        reason: 'notify',
        kind: 'call',
        number,
        lineNumber: number,
        sequence: 1,
      });
      expect(outcome.recipients).toMatchObject([
        { address: taro, state: 'accepted', attempts: 1 },
        { address: hanako, state: 'accepted', attempts: 1 },
      ]);
      const [mail, ...more] = await mailsTo(taro);
      expect(more).toEqual([]);
      expect(mail?.subject).toBe(`着信通知（${number}）`);
      expect(await mailsTo(hanako)).toHaveLength(1);
      expect(await mailsTo(off)).toEqual([]);
    },
    LIMIT,
  );

  it(
    'C5 tells why a call becomes no mail',
    async () => {
      const number = '0312340002';
      const address = `${uniqueName('quiet')}@example.jp`;
      await subscribe(story, number, { to: [address], unansweredOnly: true });
      const outcome = await story.outcomeOf(
        await story.happens('call.v1', number, aCall(number, { outcome: 'answered' })),
      );
      expect(outcome).toMatchObject({ reason: 'answered', recipients: [] });
      expect(await mailsTo(address)).toEqual([]);
    },
    LIMIT,
  );

  it(
    'A13 follows the contract from the next call on, and finds the settings again that it put aside',
    async () => {
      const number = '0312340005';
      const address = `${uniqueName('contract')}@example.jp`;
      await subscribe(story, number, { to: [address] });
      const { value: line } = (await story.settings.getLine(number))!;
      const ring = async (): Promise<string> => {
        const id = await story.happens('call.v1', number, aCall(number));
        return (await story.outcomeOf(id)).reason;
      };
      expect(await ring()).toBe('notify');
      await story.settings.putLine({ ...line, services: { [number]: ['fax-notice'] } });
      expect(await ring()).toBe('service-off');
      await story.settings.putLine(line);
      expect(await ring()).toBe('notify');
      expect(await mailsTo(address)).toHaveLength(2);
    },
    LIMIT,
  );

  it(
    'sends one mail for an event that is published twice',
    async () => {
      const number = '0312340003';
      const address = `${uniqueName('twice')}@example.jp`;
      await subscribe(story, number, { to: [address] });
      const call = aCall(number);
      const id = await story.happens('call.v1', number, call);
      await story.happens('call.v1', number, call, id);
      const last = await story.happens('call.v1', number, aCall(number));
      await story.outcomeOf(last);
      await story.outcomeOf(id);
      expect(await mailsTo(address)).toHaveLength(2);
    },
    LIMIT,
  );

  it(
    'settles 500 valid calls behind 500 garbage records, and keeps each of those unchanged in the dead letters',
    async () => {
      const number = '0312340004';
      const address = `${uniqueName('behind')}@example.jp`;
      await subscribe(story, number, { to: [address], unansweredOnly: true });
      const dead = await story.follow('notify-dlq');
      const garbage = Array.from({ length: 500 }, (_, index) => garbageRecord(index, number));
      await story.publisher.publish(garbage.map((record) => ({ topic: 'call-events', ...record })));
      const ids: string[] = [];
      for (let index = 0; index < 500; index++) {
        const outcome = index % 100 === 0 ? 'unanswered' : 'answered';
        ids.push(await story.happens('call.v1', number, aCall(number, { outcome })));
      }
      for (const id of ids) await story.outcomeOf(id);
      expect(await mailsTo(address)).toHaveLength(5);
      await eventually(() => dead.length >= 500);
      const bytes = (value: Buffer | null): string => value?.toString('base64') ?? 'null';
      expect(dead.map(({ value }) => bytes(value)).sort()).toEqual(
        garbage.map(({ value }) => bytes(value)).sort(),
      );
      expect(new Set(dead.map(({ headers }) => String(headers['dlq-reason'])))).toEqual(
        new Set(['malformed']),
      );
    },
    LIMIT,
  );
});

/** Garbage of every kind: no value, no JSON, wrong types, missing headers, random bytes. */
function garbageRecord(
  index: number,
  key: string,
): { key: string; value: Buffer | null; headers: Record<string, string> } {
  const good = JSON.stringify(aCall(key));
  const headers = {
    ce_specversion: '1.0',
    ce_id: `garbage-${index}`,
    ce_source: '/switch',
    ce_type: 'call.v1',
    ce_time: new Date().toISOString(),
    'content-type': 'application/json',
  };
  const { ce_id: _, ...nameless } = headers;
  const kinds: { value: Buffer | null; headers: Record<string, string> }[] = [
    { value: null, headers },
    { value: Buffer.from('{'), headers },
    { value: randomBytes(64), headers },
    { value: Buffer.from(good.replace('"unanswered"', '"vanished"')), headers },
    { value: Buffer.from(good), headers: nameless },
    { value: Buffer.from(good), headers: { ...headers, ce_type: 'no-such.v1' } },
    { value: Buffer.from(good), headers: {} },
    { value: Buffer.from('[]'), headers },
    { value: Buffer.from(good.replace('"ringSeconds":12', '"ringSeconds":-1')), headers },
    { value: Buffer.from(good.replaceAll(key, '03-1234-5678')), headers },
  ];
  return { key, ...(kinds[index % kinds.length] as (typeof kinds)[number]) };
}
