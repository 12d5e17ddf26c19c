import {
  isAccessMail,
  type AccessMailEvent,
  type CallEvent,
  type CallOutcome,
  type FaxEvent,
  type Party,
  type WithheldReason,
} from '#events';
import { secretView } from './access-secret.ts';
import type { Brand } from '../brand/brand.ts';
import { tidyText } from './free-text.ts';
import { japanMoment, mailTime } from './japan-time.ts';
import type { AccessSecret, MailContent } from '../mail.ts';
import { senderRoleOf, type MailKind } from '../mail-kind.ts';
import { isForeign, shownNumber } from './shown-number.ts';

/** The values that a template may use, by name, as plain text. An empty string or `false` means absent. */
export type View = Readonly<Record<string, string | boolean | readonly string[]>>;

/** The longest contractor name or location that a mail shows, in visible characters. */
const FREE_TEXT_LIMIT = 100;
/** The most affected numbers listed. The rest are only counted, so that mail apps show the mail uncut. */
const LISTED_NUMBERS = 100;

/** 着信状態 (C11). */
export const CALL_STATES: Readonly<Record<CallOutcome, string>> = {
  answered: '通話',
  unanswered: '応答なし',
  busy: '話中',
  forwarded: '転送',
  abandoned: '途中放棄',
};

/** A call's state as the mail's badge says it: 着信状態, but for the one that would blame the caller. */
const CALL_BADGES: Readonly<Record<CallOutcome, string>> = { ...CALL_STATES, abandoned: '応答前に終了' };

const CALL_HEADLINES: Readonly<Record<CallOutcome, string>> = {
  answered: '通話のあった着信です',
  unanswered: '応答のない着信がありました',
  busy: 'お話し中に着信がありました',
  forwarded: '着信を転送しました',
  abandoned: '呼び出し中に切れました',
};

/** 非通知理由, as Number Display names them (C11). */
export const WITHHELD_REASONS: Readonly<Record<WithheldReason, string>> = {
  P: 'ユーザー拒否',
  C: '公衆電話発信',
  O: 'サービス提供不可・表示圏外',
  S: 'サービス競合',
};

/** What a mail says about a number from abroad. */
interface ForeignNote {
  readonly title: string;
  readonly advice: string;
}

const FOREIGN_CALL: ForeignNote = {
  title: '国際電話からの着信です',
  advice: 'お心当たりのない番号には、折り返し電話をかけないでください。',
};
const FOREIGN_FAX: ForeignNote = {
  title: '国際電話番号からのFAXです',
  advice: 'お心当たりのない番号には、電話やFAXを返さないでください。',
};

function partyView(party: Party, abroad: ForeignNote): View {
  if ('withheld' in party)
    return {
      party: '',
      partyShown: '',
      callable: '',
      foreignTitle: '',
      foreignAdvice: '',
      withheldReason: WITHHELD_REASONS[party.withheld],
    };
  const foreign = isForeign(party.number);
  return {
    party: party.number,
    partyShown: shownNumber(party.number),
    // 110, 118, 119 and the like: a tap must not start an emergency call.
    callable: foreign || party.number.length === 3 ? '' : party.number,
    foreignTitle: foreign ? abroad.title : '',
    foreignAdvice: foreign ? abroad.advice : '',
    withheldReason: '',
  };
}

function numberView(number: string, at: number): View {
  return {
    number,
    numberShown: shownNumber(number),
    time: mailTime(at),
    moment: japanMoment(at),
  };
}

function callView(event: CallEvent): View {
  return {
    ...numberView(event.calledNumber, event.at),
    ...partyView(event.caller, FOREIGN_CALL),
    ringSeconds: String(event.ringSeconds),
    state: CALL_STATES[event.outcome],
    badge: CALL_BADGES[event.outcome],
    // Only where the badge does not say it.
    stateRow: CALL_BADGES[event.outcome] === CALL_STATES[event.outcome] ? '' : CALL_STATES[event.outcome],
    headline: CALL_HEADLINES[event.outcome],
    missed: event.outcome !== 'answered' && event.outcome !== 'forwarded',
  };
}

function faxView(event: FaxEvent): View {
  return {
    ...numberView(event.calledNumber, event.at),
    ...partyView(event.sender, FOREIGN_FAX),
    pages: String(event.pages),
    complete: event.complete,
  };
}

type FaultContent = Extract<MailContent, { contractorName: string }>;

function faultView({ event, contractorName, location, tellsFaultAt }: FaultContent): View {
  const numbers = event.numbers ?? [];
  const listed = numbers.slice(0, LISTED_NUMBERS);
  return {
    ...numberView(event.lineNumber, event.at),
    contractorName: tidyText(contractorName, FREE_TEXT_LIMIT),
    location: tidyText(location, FREE_TEXT_LIMIT),
    numbers: listed,
    numbersShown: listed.map(shownNumber),
    furtherNumbers: numbers.length > LISTED_NUMBERS ? String(numbers.length - LISTED_NUMBERS) : '',
    ...(event.kind === 'recovery' ? recoveryView(tellsFaultAt) : {}),
  };
}

function recoveryView(tellsFaultAt: number | undefined): View {
  return {
    tellsFault: tellsFaultAt !== undefined,
    faultTime: tellsFaultAt === undefined ? '' : mailTime(tellsFaultAt),
  };
}

function accessView(event: AccessMailEvent, secret: AccessSecret | undefined, brand: Brand): View {
  return {
    ...numberView(event.number, event.at),
    accessNumberShown: brand.accessNumber === undefined ? '' : shownNumber(brand.accessNumber),
    ...secretView(event, secret),
  };
}

/** The values that differ from mail to mail. Always has every key of the kind. Throws `SECRET_INVALID`. */
export function eventView(content: MailContent, brand: Brand): View {
  if ('contractorName' in content) return faultView(content);
  const { event } = content;
  if (isAccessMail(event)) return accessView(event, 'secret' in content ? content.secret : undefined, brand);
  switch (event.kind) {
    case 'call':
      return callView(event);
    case 'fax':
      return faxView(event);
  }
}

/** The values that all mails of a kind share under a brand. */
export function brandView(brand: Brand, kind: MailKind): View {
  return {
    operator: brand.operator,
    phoneService: brand.phoneService,
    serviceName: brand.services[senderRoleOf(kind)].name,
    siteName: brand.site.name,
    siteUrl: brand.site.url,
    footer: brand.footer,
  };
}

/** All values of a mail: `brandView` and `eventView` together. Throws `SECRET_INVALID`. */
export function viewOf(content: MailContent, brand: Brand): View {
  return { ...brandView(brand, content.event.kind), ...eventView(content, brand) };
}
