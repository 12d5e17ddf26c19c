import type { EventData } from '#events';

/** What the simulated switch says happened, and what must come of it. */
export interface Scene {
  /** What happens, for the table. */
  readonly title: string;
  readonly call: (startedAt: string) => EventData<'call.v1'>;
  readonly reason: string;
  /** Who must find a mail. */
  readonly mails: readonly string[];
  /** What its subject must be. */
  readonly subject: string;
}

/** The sample subscribers: a family, a shop with two numbers, and a clinic that wants no anonymous calls. */
export const SAMPLE_LINES = [
  { lineNumber: '0312345678', brand: 'ntt-east', contractor: '山田 太郎', numbers: ['0312345678'] },
  {
    lineNumber: '0661112222',
    brand: 'ntt-west',
    contractor: 'なにわ商店',
    numbers: ['0661112222', '0661113333'],
  },
  { lineNumber: '0453334444', brand: 'ntt-east', contractor: 'みなと歯科', numbers: ['0453334444'] },
] as const;

const on = (...addresses: string[]): { address: string; enabled: boolean }[] =>
  addresses.map((address) => ({ address, enabled: true }));
const everyCall = { enabled: true, targetCallersOnly: false, unansweredOnly: false, targetCallers: [] };

/** What each subscriber set, by path of the settings API. */
export const SAMPLE_SETTINGS: readonly (readonly [path: string, body: object])[] = [
  [
    '/v1/numbers/0312345678/call-notice',
    {
      ...everyCall,
      recipients: [
        ...on('taro@example.jp', 'hanako@example.jp'),
        { address: 'off@example.jp', enabled: false },
      ],
    },
  ],
  ['/v1/numbers/0312345678/screening', { nuisanceCallers: ['0120000000'], numberRequest: false }],
  [
    '/v1/numbers/0661112222/call-notice',
    { ...everyCall, unansweredOnly: true, recipients: on('shop@example.jp') },
  ],
  [
    '/v1/numbers/0661113333/call-notice',
    {
      ...everyCall,
      targetCallersOnly: true,
      targetCallers: [{ number: '09011112222', enabled: true }],
      recipients: on('owner@example.jp'),
    },
  ],
  ['/v1/numbers/0453334444/call-notice', { ...everyCall, recipients: on('clinic@example.jp') }],
  ['/v1/numbers/0453334444/screening', { nuisanceCallers: [], numberRequest: true }],
];

const FAMILY = '0312345678';
const SHOP = '0661112222';
const OWNER = '0661113333';
const CLINIC = '0453334444';

type Facts = Partial<EventData<'call.v1'>>;

function call(title: string, to: string, facts: Facts, reason: string, mails: readonly string[] = []): Scene {
  return {
    title,
    call: (startedAt) => ({
      lineNumber: to === OWNER ? SHOP : to,
      calledNumber: to,
      caller: { number: '09012345678' },
      startedAt,
      ringSeconds: 12,
      outcome: 'answered',
      ...facts,
    }),
    reason,
    mails,
    subject: `着信通知（${to}）`,
  };
}

const unanswered: Facts = { outcome: 'unanswered', ringSeconds: 25 };

/** A morning on three lines: each rule is met once. */
export const STORY: readonly Scene[] = [
  call('A friend rings the family', FAMILY, {}, 'notify', ['taro@example.jp', 'hanako@example.jp']),
  call('Nobody is at home', FAMILY, unanswered, 'notify', ['taro@example.jp', 'hanako@example.jp']),
  call('Somebody hides the number', FAMILY, { caller: { withheld: 'P' } }, 'notify', [
    'taro@example.jp',
    'hanako@example.jp',
  ]),
  call('A call from abroad', FAMILY, { caller: { number: '+14155550100' }, ...unanswered }, 'notify', [
    'taro@example.jp',
    'hanako@example.jp',
  ]),
  call('The nuisance caller again', FAMILY, { caller: { number: '0120000000' } }, 'nuisance-caller'),
  call('A customer, and the shop answers', SHOP, {}, 'answered'),
  call('A customer, and the shop is busy', SHOP, { outcome: 'busy', ringSeconds: 0 }, 'notify', [
    'shop@example.jp',
  ]),
  call('Voice Warp forwards a customer', SHOP, { outcome: 'forwarded' }, 'notify', ['shop@example.jp']),
  call(
    'Voice Warp cannot forward',
    SHOP,
    { outcome: 'unanswered', forwarding: 'destination-busy' },
    'forward-failed',
  ),
  call("The owner's best customer", OWNER, { caller: { number: '09011112222' }, ...unanswered }, 'notify', [
    'owner@example.jp',
  ]),
  call('Somebody else rings the owner', OWNER, unanswered, 'not-target'),
  call('Withheld, so no target caller', OWNER, { caller: { withheld: 'P' } }, 'withheld-not-target'),
  call('Number Request refuses a caller', CLINIC, { caller: { withheld: 'P' } }, 'refused-number-request'),
  call('A public phone rings the clinic', CLINIC, { caller: { withheld: 'C' }, ...unanswered }, 'notify', [
    'clinic@example.jp',
  ]),
  call('A number nobody registered', '0399990000', {}, 'unknown-number'),
];
