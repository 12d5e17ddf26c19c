import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeEvent, japanTimeToTheSecond, type EventData } from '#events';
import { createPublisher, type KafkaConnection } from '#kafka';
import { asForwarded } from '../../apps/switch/src/as-forwarded.ts';
import { createKnownSettings } from '../../apps/switch/src/known-settings.ts';
import type { Told } from '../../apps/switch/src/told.ts';
import { followTold } from './follow-told.ts';
import { fromMail } from './from-mail.ts';
import { enter, FAMILY_LOGIN, type Places } from './sample-logins.ts';
import { SAMPLE_SELF_CARE } from './sample-subscribers.ts';
import { createVisitor, type VisitedPage, type Visitor } from './visitor.ts';

/** Nobody's address before the family sets it. */
const NEIGHBOUR = 'neighbour@example.jp';
const LIMIT_MS = 30_000;
const POLL_MS = 200;

type Call = EventData<'call.v1'>;

/** What a check can do. */
interface Visit {
  readonly visitor: Visitor;
  /** Lets somebody ring the family, who is not there; resolves with the call as the switch ends it. */
  readonly ring: () => Promise<Call>;
  /** Waits for what the switch is told. */
  readonly hear: (isIt: (told: Told) => boolean, what: string) => Promise<unknown>;
  /** Waits for a mail that has what is looked for. */
  readonly mail: (address: string, pattern: RegExp) => Promise<string>;
  /** Waits for a page that says all of this. */
  readonly says: (path: string, ...words: string[]) => Promise<unknown>;
}

/** Uses the services as subscribers do, through the pages of the site; resolves with what did not work. */
export async function checkServices(
  connection: KafkaConnection,
  places: Places,
  signal: AbortSignal,
): Promise<string[]> {
  const heard: Told[] = [];
  const following = await followTold(connection, (told) => void heard.push(told));
  const publisher = createPublisher(connection);
  const ring = async (): Promise<Call> => {
    const call = callOfNow(heard);
    const { lineNumber: key } = call;
    const envelope = { source: 'demo-switch', id: randomUUID(), time: Date.now(), key };
    await publisher.publish([encodeEvent({ type: 'call.v1', ...envelope, data: call })]);
    return call;
  };
  const visitor = createVisitor(places.site);
  const visit: Visit = {
    visitor,
    ring,
    hear: (isIt, what) => until(() => heard.find(isIt), `the switch was not told ${what}`, signal),
    mail: (address, pattern) => fromMail(places.inbox, address, pattern, signal),
    says: (path, ...words) => untilSaid(visitor, path, words, signal),
  };
  try {
    const missing: string[] = [];
    for (const [title, check] of CHECKS)
      await check(visit).catch((error: unknown) => missing.push(`${title}: ${String(error)}`));
    signal.throwIfAborted();
    return missing;
  } finally {
    await publisher.close();
    await following.close();
  }
}

const CHECKS: readonly (readonly [title: string, check: (visit: Visit) => Promise<void>])[] = [
  ['an address set on the site is mailed about the next call', setsAddress],
  ['the site shows the day in its history', showsHistory],
  ['a number forwarded on the site has its next call forwarded', forwardsNumber],
  ["another password of an IP phone comes to the switch's ears", changesIpPhonePassword],
];

async function setsAddress({ visitor, ring, mail }: Visit): Promise<void> {
  const { number, password } = FAMILY_LOGIN;
  await enter(visitor, number, password);
  await toService(visitor, '着信お知らせメール');
  await visitor.follow('送信先メールアドレス設定');
  expectSaved(await visitor.press('設定', { 送信先メールアドレス4: NEIGHBOUR, 送信4: true }));
  await ring();
  await mail(NEIGHBOUR, /着信状態:応答なし/);
}

async function showsHistory({ visitor, says }: Visit): Promise<void> {
  await visitor.open('/menu');
  const { path } = await visitor.follow('お知らせ履歴');
  await says(path, 'taro@example.jp', NEIGHBOUR, '迷惑電話おことわりサービス');
}

async function forwardsNumber({ visitor, ring, hear, mail }: Visit): Promise<void> {
  await toService(visitor, 'ボイスワープ');
  await visitor.follow('転送先電話番号設定');
  expectSaved(await visitor.press('設定', { 転送先電話番号1: '09055556666', 使用する1: true }));
  await toService(visitor, 'ボイスワープ');
  await visitor.follow('開始／停止設定');
  expectSaved(await confirmed(visitor, await visitor.press('設定', { 開始: true, 無条件転送: true })));
  await hear(
    (told) => told.kind === 'voice-warp' && told.number === FAMILY_LOGIN.number && told.enabled,
    'that the number is forwarded',
  );
  const { outcome } = await ring();
  if (outcome !== 'forwarded') throw new Error(`expected a forwarded call, found ${outcome}`);
  await mail(NEIGHBOUR, /着信状態:転送/);
}

async function changesIpPhonePassword({ visitor, hear, mail }: Visit): Promise<void> {
  const { id, password, address, ipPhone, ipPhonePassword } = SAMPLE_SELF_CARE;
  await visitor.open('/self-care');
  await visitor.press('ログイン', { セルフケアID: id, セルフケアパスワード: password });
  await visitor.press('次へ', { 認証コード: await mail(address, /(?<=認証コード:)\d{8}/) });
  await visitor.follow('IP加入電話パスワード変更');
  const asked = await visitor.press('更新', {
    IP加入電話番号: ipPhone,
    現IP加入電話パスワード: ipPhonePassword,
    新IP加入電話パスワード: 'Ef56gh78',
    '新IP加入電話パスワード（確認用）': 'Ef56gh78',
  });
  await confirmed(visitor, asked);
  await hear((told) => told.kind === 'ip-phone-password' && told.number === ipPhone, 'the new password');
}

/** Goes to a service of a login that has one number. */
async function toService(visitor: Visitor, service: string): Promise<void> {
  await visitor.open('/menu');
  await visitor.follow('サービス選択');
  await visitor.follow(service);
}

/** Where a page asks once more, says yes. */
function confirmed(visitor: Visitor, page: VisitedPage): VisitedPage | Promise<VisitedPage> {
  return page.text.includes('確定') ? visitor.press('確定') : page;
}

function expectSaved({ path, text }: VisitedPage): void {
  if (!text.includes('設定しました。')) throw new Error(`expected it to be saved, found ${path}: ${text}`);
}

/** A call to the family that nobody answers, as it ends under what the switch has been told. */
function callOfNow(heard: readonly Told[]): Call {
  const known = createKnownSettings();
  for (const told of heard) known.learn(told);
  const call: Call = {
    lineNumber: FAMILY_LOGIN.number,
    calledNumber: FAMILY_LOGIN.number,
    caller: { number: '09012345678' },
    startedAt: japanTimeToTheSecond(Date.now()),
    ringSeconds: 25,
    outcome: 'unanswered',
  };
  return asForwarded(call, known.forwardingOf(call));
}

async function untilSaid(
  visitor: Visitor,
  path: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const missing = async (): Promise<string | undefined> => {
    const { text } = await visitor.open(path);
    return words.find((one) => !text.includes(one));
  };
  await until(
    async () => ((await missing()) === undefined ? true : undefined),
    `${path} does not say all of ${words.join(', ')}`,
    signal,
  );
}

/** Looks until there is something; rejects with `complaint` when it takes too long. */
async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  complaint: string,
  signal: AbortSignal,
): Promise<T> {
  for (const end = Date.now() + LIMIT_MS; Date.now() < end;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    await delay(POLL_MS);
  }
  throw new Error(`${complaint} within ${LIMIT_MS / 1000} s`);
}
