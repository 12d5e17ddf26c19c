import { z } from 'zod';
import {
  bulkTransferInput,
  callNoticeInput,
  DEFAULT_SETTINGS_LIMITS,
  faultNoticeInput,
  faxNoticeInput,
  lineInput,
  REASONS,
  screeningInput,
  voiceWarpInput,
  whyNoMail,
} from '#rules';
import { EVENT_TYPES } from '#events';
import { accessMailInput, dryRunInput, testMailInput } from '#settings';
import { accessDocument } from '../access/access-document.ts';
import { ipPhonePasswordInput } from '../access/ip-phone-password-input.ts';
import { selfCareInput } from '../access/self-care-input.ts';
import { temporaryPasswordInput } from '../access/temporary-password-input.ts';

// The schemas that requests are checked against; what is known only at run time (brands, stored settings) is described in words.
const rules = { limits: DEFAULT_SETTINGS_LIMITS, isStored: () => false };
const LIMITS = `A brand may set other limits than ${rules.limits.recipients} recipients, ${rules.limits.targetCallers} target callers and ${rules.limits.nuisanceCallers} nuisance callers.`;

/** The documents that are written, by their names; they are read back in the same form. */
export const inputs = {
  Line: lineInput({ lineNumber: '', brands: [] }).meta({
    id: 'Line',
    description:
      'A line and its numbers; its own number is one of them, whether named or not. `services` says what is contracted (A13), `fault-notice` and `bulk-transfer` under the line number; a number that it does not name has everything.',
    example: {
      brand: 'ntt-east',
      numbers: ['0312345678', '0312345679'],
      contractor: '電話商店',
      services: {
        '0312345678': ['call-notice', 'fax-notice', 'fault-notice', 'bulk-transfer'],
        '0312345679': ['call-notice', 'voice-warp'],
      },
    },
  }),
  CallNotice: callNoticeInput(rules).meta({
    id: 'CallNotice',
    description: `The call notice of a number (C1–C6). A started service needs a recipient (C3). ${LIMITS}`,
    example: {
      enabled: true,
      targetCallersOnly: false,
      unansweredOnly: true,
      recipients: [{ address: 'taro@example.jp', enabled: true }],
      targetCallers: [{ number: '09012345678', enabled: true }],
    },
  }),
  FaxNotice: faxNoticeInput(rules).meta({
    id: 'FaxNotice',
    description: `The FAX notice of a number (F1). A started service needs a recipient (C3). ${LIMITS}`,
    example: { enabled: true, recipients: [{ address: 'taro@example.jp', enabled: true }] },
  }),
  FaultNotice: faultNoticeInput(rules).meta({
    id: 'FaultNotice',
    description: `The fault and recovery notice of a line (R1, R3). A started service needs a recipient (C3). ${LIMITS}`,
    example: {
      enabled: true,
      recipients: [{ address: 'taro@example.jp', enabled: true }],
      contractorName: '電話商店',
      location: '本店 1 階',
      autoStartTransfer: true,
      autoStopTransfer: true,
    },
  }),
  Screening: screeningInput(rules.limits).meta({
    id: 'Screening',
    description: `Whom a number refuses (C7, C8). ${LIMITS}`,
    example: { nuisanceCallers: ['0312345670'], numberRequest: true },
  }),
  VoiceWarp: voiceWarpInput('').meta({
    id: 'VoiceWarp',
    description:
      'The call forwarding of a number (V3). Four places for destinations, `null` for an empty one; `destination` is the place in use, from 1, and must be set when the service is started. `ringSeconds` belongs to the conditions that wait for an answer.',
    example: {
      enabled: true,
      condition: 'no-answer',
      ringSeconds: 20,
      destinations: ['09012345678', null, null, null],
      destination: 1,
      select: { mode: 'off', callers: [] },
    },
  }),
  BulkTransfer: bulkTransferInput([]).meta({
    id: 'BulkTransfer',
    description:
      'The bulk transfer of a line (V2): a destination for each of its numbers that has one, none of the line. It is started only with a destination. A change of `enabled` is told to the telephone switch.',
    example: { enabled: false, destinations: { '0312345678': '0698765432' } },
  }),
  TemporaryPassword: temporaryPasswordInput('').meta({
    id: 'TemporaryPassword',
    description:
      'A temporary password (A2), valid for 24 hours: 8 digits, not all the same, no run, not the last eight of the number. Under `line` the number must be the line number.',
    example: { unit: 'line', password: '48291736' },
  }),
  SelfCare: selfCareInput.meta({
    id: 'SelfCare',
    description:
      'A self-care id of the IP phone service (A14): its numbers of 050, the address its codes go to, a password of 8 to 64 visible ASCII characters.',
    example: {
      numbers: ['05012345678'],
      address: 'taro@example.jp',
      password: 'correct-horse-battery',
      service: 'ip-phone',
    },
  }),
  IpPhonePassword: ipPhonePasswordInput.meta({
    id: 'IpPhonePassword',
    description: 'The current password of an IP phone (V4): 8 of A–Z, a–z and 0–9. It is never read back.',
    example: { password: 'Kaede052' },
  }),
  TestMail: testMailInput(() => false).meta({
    id: 'TestMail',
    description: 'Where a test mail is to go (C12).',
    example: { address: 'taro@example.jp' },
  }),
  DryRun: dryRunInput('', rules).meta({
    id: 'DryRun',
    description:
      'What is tried (V7): a `call.v1`, or a `fax.v1`, which has a `sender`, without `lineNumber` and `startedAt` or `receivedAt`: it comes now, to the number of the path, which `calledNumber` may name. Only `caller` and `outcome`, or `sender`, are required. `settings` is a call notice that is not saved, in place of the one that is.',
    example: {
      event: { caller: { number: '09012345678' }, outcome: 'answered' },
      settings: {
        enabled: true,
        targetCallersOnly: false,
        unansweredOnly: true,
        recipients: [{ address: 'taro@example.jp', enabled: true }],
        targetCallers: [],
      },
    },
  }),
  AccessMail: accessMailInput({ brands: [], now: 0 }).meta({
    id: 'AccessMail',
    description:
      'A mail about access (O1–O4). A one-time password is valid for at most 300 seconds. The secret is sealed before it goes to Kafka.',
    example: {
      kind: 'one-time-password',
      number: '0312345679',
      brand: 'ntt-east',
      recipient: 'taro@example.jp',
      issuedAt: '2026-11-21T10:00:00+09:00',
      expiresAt: '2026-11-21T10:05:00+09:00',
      secret: { code: '482133' },
    },
  }),
} as const;

const outcome = EVENT_TYPES['outcomes.v1'].schema.shape.items.element.meta({
  id: 'Outcome',
  description: 'What became of an event: the reason, and the state of each recipient',
});

const REASON_WORDS = REASONS.map((reason) => {
  const why = whyNoMail(reason)?.operator;
  return why === undefined ? '' : `\`${reason}\`: ${why}.`;
})
  .join(' ')
  .trim();

/** The documents that are only answered. */
export const answers = {
  Event: z
    .object({ eventSource: z.string(), eventId: z.string() })
    .meta({ id: 'Event', description: 'The event that Kafka has acknowledged; its outcome is found by it.' }),
  Access: accessDocument.meta({
    id: 'Access',
    description: "The state of a number's login (A15)",
    example: {
      unit: 'line',
      password: 'set',
      passwordExpiresAt: '2027-01-20T10:00:00+09:00',
      oneTimePassword: { use: true, address: 't***@example.jp', pending: false },
      sessions: 1,
      lastLoginAt: '2026-11-21T10:00:00+09:00',
    },
  }),
  SelfCareProfile: z
    .object({
      numbers: z.array(z.string()),
      address: z.string(),
      service: z.enum(['ip-phone', 'b2bua']),
    })
    .meta({ id: 'SelfCareProfile', description: 'A self-care id without its password' }),
  DryRunAnswer: z
    .object({
      reason: z.enum(REASONS).meta({ description: `Why it becomes mail, or not. ${REASON_WORDS}` }),
      recipients: z.array(z.string()).meta({ description: 'Who would get a mail; only with `notify`' }),
    })
    .meta({ id: 'DryRunAnswer', description: 'What would happen' }),
  Outcome: outcome,
  OutcomePage: z.object({ items: z.array(outcome), nextCursor: z.string().nullable() }).meta({
    id: 'OutcomePage',
    description: 'Newest first; `nextCursor` is `null` when there is no more.',
  }),
  Problem: z
    .object({
      type: z.literal('about:blank'),
      title: z.string(),
      status: z.int(),
      errors: z.array(
        z.object({
          path: z.string().meta({ description: 'Where, as `recipients.0.address`; empty for the whole' }),
          code: z.string(),
          message: z.string().meta({ description: 'For the operator' }),
        }),
      ),
    })
    .meta({ id: 'Problem', description: 'What is wrong (RFC 9457)' }),
} as const;
