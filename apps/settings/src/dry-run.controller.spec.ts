import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { createRegistry } from '#platform';
import { EMPTY_CALL_NOTICE, EMPTY_FAX_NOTICE } from '#rules';
import { InMemorySettingsRepository } from '../../../libs/settings/testing/in-memory-settings-repository.ts';
import { createApp } from './create-app.ts';
import { awayParts } from './testing/away-parts.ts';

const NUMBER = '0312345679';
const to = (address: string, enabled = true) => ({ address, enabled });
const notice = {
  ...EMPTY_CALL_NOTICE,
  enabled: true,
  unansweredOnly: true,
  recipients: [to('a@example.jp'), to('b@example.jp', false)],
};

const repository = new InMemorySettingsRepository();
let app: NestExpressApplication;

beforeAll(async () => {
  const line = { lineNumber: '0312345678', brand: 'ntt-east', numbers: [NUMBER], contractor: '' };
  await repository.putLine(line);
  await repository.putSection(NUMBER, 'callNotice', notice);
  await repository.putSection(NUMBER, 'faxNotice', { ...EMPTY_FAX_NOTICE, enabled: true });
  const registry = createRegistry({ app: 'settings', version: '0' });
  const tokens = [{ name: 'operator', token: 'abc' }];
  const parts = { ...awayParts([]), repository };
  app = await createApp({ parts, tokens, checks: {}, registry, version: '0' });
});
afterAll(() => app.close());

const dryRun = (document: object, number = NUMBER) =>
  request(app.getHttpServer())
    .post(`/v1/numbers/${number}/dry-run`)
    .set('authorization', 'Bearer abc')
    .send(document);

const answered = { caller: { number: '09012345678' }, outcome: 'answered' };
const missed = { ...answered, outcome: 'unanswered' };

/** The status, and each error with its path and code. */
function told({ status, body }: request.Response): (string | number)[] {
  const { errors } = body as { errors: { path: string; code: string }[] };
  return [status, ...errors.map(({ path, code }) => `${path} ${code}`)];
}

describe('POST /v1/numbers/{number}/dry-run', () => {
  it('V7 answers with the reason and the addresses, by what is stored', async () => {
    const rings = await dryRun({ event: missed });
    expect([rings.status, rings.body]).toEqual([200, { reason: 'notify', recipients: ['a@example.jp'] }]);
    expect((await dryRun({ event: answered })).body).toEqual({ reason: 'answered', recipients: [] });
    const { body } = await dryRun({ event: { ...answered, calledNumber: '03-1234-5679' } }, '03-1234-5679');
    expect(body).toEqual({ reason: 'answered', recipients: [] });
  });

  it('V7 takes a call notice that is not saved for the one that is, and saves nothing', async () => {
    const settings = { ...notice, unansweredOnly: false, recipients: [to('new@example.jp')] };
    const tried = await dryRun({ event: answered, settings });
    expect(tried.body).toEqual({ reason: 'notify', recipients: ['new@example.jp'] });
    expect((await repository.getSection(NUMBER, 'callNotice'))?.value).toEqual(notice);
  });

  it('V7 knows a FAX by its sender', async () => {
    const { status, body } = await dryRun({ event: { sender: { withheld: 'C' } } });
    expect([status, body]).toEqual([200, { reason: 'no-recipient', recipients: [] }]);
  });

  it.each<[object, string[]]>([
    [{}, ['event required']],
    [{ event: {} }, ['event.caller required', 'event.outcome invalid-value']],
    [
      { event: { ...missed, outcome: 'lost', colour: 1 } },
      ['event.outcome invalid-value', 'event.colour unknown-field'],
    ],
    [{ event: { ...missed, caller: { number: '09012345678', withheld: 'P' } } }, ['event.caller one-of']],
    [{ event: { ...missed, caller: { number: '0901' } } }, ['event.caller.number number-length']],
    [{ event: { ...missed, calledNumber: '0312345678' } }, ['event.calledNumber other-number']],
    [{ event: { ...missed, startedAt: 'now' } }, ['event.startedAt unknown-field']],
    [
      { event: { sender: { number: 'x' }, pages: -1 } },
      ['event.sender.number number-character', 'event.pages too-small'],
    ],
    [{ event: missed, settings: { ...notice, recipients: [] } }, ['settings.recipients recipient-required']],
    [{ event: missed, setting: notice }, ['setting unknown-field']],
  ])('V7 refuses %j with the place of each error', async (document, errors) => {
    expect(told(await dryRun(document))).toEqual([422, ...errors]);
  });

  it('A13 says that a service is off which is not contracted, though it is started', async () => {
    const number = '0312345670';
    const services = { [number]: ['fax-notice' as const] };
    const line = { lineNumber: number, brand: 'ntt-east', numbers: [], contractor: '', services };
    await repository.putLine(line);
    await repository.putSection(number, 'callNotice', notice);
    const off = { reason: 'service-off', recipients: [] };
    expect((await dryRun({ event: missed }, number)).body).toEqual(off);
    expect((await dryRun({ event: missed, settings: notice }, number)).body).toEqual(off);
  });

  it('V7 answers 404 for a number that is not known', async () => {
    expect(told(await dryRun({ event: missed }, '0399999999'))).toEqual([404, ' unknown-number']);
  });
});
