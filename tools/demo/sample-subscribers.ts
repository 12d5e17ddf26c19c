import { callApi } from './stage.ts';

/**
 * The sample subscribers: a family, a shop with two numbers and every service, and a clinic that wants no anonymous
 * calls. What each has contracted differs.
 */
export const SAMPLE_LINES = [
  {
    lineNumber: '0312345678',
    brand: 'ntt-east',
    contractor: '山田 太郎',
    numbers: ['0312345678'],
    services: { '0312345678': ['call-notice', 'voice-warp'] },
  },
  {
    lineNumber: '0661112222',
    brand: 'ntt-west',
    contractor: 'なにわ商店',
    numbers: ['0661112222', '0661113333'],
    services: { '0661113333': ['call-notice', 'voice-warp'] },
  },
  {
    lineNumber: '0453334444',
    brand: 'ntt-east',
    contractor: 'みなと歯科',
    numbers: ['0453334444'],
    services: { '0453334444': ['call-notice', 'fax-notice'] },
  },
] as const;

/** Who receives FAXes: the clinic. */
export const FAX_NUMBER = '0453334444';

/** A self-care id, and the IP phone that it is for. */
export const SAMPLE_SELF_CARE = {
  id: 'yamada',
  password: 'Selfcare2026',
  address: 'yamada@example.jp',
  ipPhone: '05012345678',
  ipPhonePassword: 'Ab12cd34',
} as const;

const on = (...addresses: string[]): { address: string; enabled: boolean }[] =>
  addresses.map((address) => ({ address, enabled: true }));
const everyCall = { enabled: true, targetCallersOnly: false, unansweredOnly: false, targetCallers: [] };

/** What each subscriber has set, by path of the settings API. */
const SAMPLE_SETTINGS: readonly (readonly [path: string, body: object])[] = [
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
  ['/v1/numbers/0453334444/fax-notice', { enabled: true, recipients: on('clinic@example.jp') }],
  [
    '/v1/lines/0661112222/fault-notice',
    {
      enabled: true,
      recipients: on('owner@example.jp'),
      contractorName: 'なにわ商店',
      location: '本店 1階',
      autoStartTransfer: true,
      autoStopTransfer: true,
    },
  ],
  [
    '/v1/lines/0661112222/bulk-transfer',
    { enabled: false, destinations: { '0661112222': '0664445555', '0661113333': '0664445555' } },
  ],
  [
    '/v1/numbers/0661112222/voice-warp',
    {
      enabled: true,
      condition: 'no-answer',
      ringSeconds: 20,
      destinations: ['09066667777', null, null, null],
      destination: 1,
      select: { mode: 'off', callers: [] },
    },
  ],
];

/** Writes the sample subscribers' lines and settings through the settings API. Rejects when it refuses one. */
export async function writeSampleSettings(api: string): Promise<void> {
  for (const { lineNumber, ...line } of SAMPLE_LINES)
    await callApi(api, 'PUT', `/v1/lines/${lineNumber}`, line);
  for (const [path, body] of SAMPLE_SETTINGS) await callApi(api, 'PUT', path, body);
  const { id, password, address, ipPhone, ipPhonePassword } = SAMPLE_SELF_CARE;
  await callApi(api, 'PUT', `/v1/self-care/${id}`, {
    numbers: [ipPhone],
    address,
    password,
    service: 'ip-phone',
  });
  await callApi(api, 'PUT', `/v1/numbers/${ipPhone}/ip-phone-password`, { password: ipPhonePassword });
}
