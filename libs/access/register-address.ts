import { randomUUID } from 'node:crypto';
import { parseAddress } from '#rules';
import type { Account, Confirmation, Draft, OneTime } from './account.ts';
import {
  confirmationIdProblem,
  confirmationPasswordProblem,
  type ConfirmationProblem,
} from './confirmation-rules.ts';
import type { AccessDeps } from './deps.ts';
import { keepDraft, withDraft } from './drafts.ts';
import { withDueMail } from './due-messages.ts';
import type { Login, Subscriber } from './find-login.ts';
import { PENDING_MS } from './logins.ts';
import { secondsUntilNextMail, withMailAt, type SendResult } from './one-time.ts';
import { accountOf } from './places.ts';
import type { Access, Change } from './ports.ts';
import { hashOf, isSecret, newSecret } from './secrets.ts';

/** How long a link is valid (O2). */
const LINK_MS = 86_400_000;

type SubscriberLogin = Login & { readonly subscriber: Subscriber };
type AddressDraft = Extract<Draft, { what: 'address' }>;

/** What a subscriber enters for one-time passwords; without `confirmation` where that is to stay (A10). */
export interface AddressEntry {
  readonly address: string;
  readonly confirmation?: { readonly id: string; readonly password: string };
}

/** What is wrong with an entry, by field; the address's as a code of C13. */
export interface AddressProblems {
  readonly address?: string;
  readonly confirmationId?: ConfirmationProblem;
  readonly confirmationPassword?: ConfirmationProblem;
}

/**
 * Whether a login may enter an address now: to choose one-time passwords for the first time, after the confirmation
 * pair (A10), or when it is in. `confirmation` says whether it has to enter that too.
 */
export function addressEntry({ stage, account }: Login): { readonly confirmation: boolean } | undefined {
  const isNew = account.oneTime.use !== true || account.oneTime.confirmation === null;
  if (stage === 'choose-one-time') return { confirmation: true };
  if (stage === 'code') return account.pending?.pairWasRight ? { confirmation: false } : undefined;
  return stage === undefined ? { confirmation: isNew } : undefined;
}

/** Checks an entry and keeps it with the login until it is confirmed; the confirmation password only as a hash. */
export async function draftAddress(
  deps: AccessDeps,
  login: SubscriberLogin,
  { address, confirmation }: AddressEntry,
): Promise<AddressProblems | 'stale' | undefined> {
  const wanted = addressEntry(login);
  if (!wanted || wanted.confirmation !== (confirmation !== undefined)) return 'stale';
  const problems = problemsOf(login, { address, ...(confirmation ? { confirmation } : {}) });
  if (Object.keys(problems).length > 0) return problems;
  const stored: Confirmation | null = confirmation
    ? { id: confirmation.id, phc: await deps.hasher.hash(confirmation.password, login.place.name) }
    : null;
  const isKept = await keepDraft(deps, login, { what: 'address', address, confirmation: stored });
  return isKept ? undefined : 'stale';
}

function problemsOf(
  { subscriber }: SubscriberLogin,
  { address, confirmation }: AddressEntry,
): AddressProblems {
  const parsed = parseAddress(address);
  const [problem] = parsed.ok ? (parsed.legacy ?? []) : parsed.problems;
  const id = confirmation && confirmationIdProblem(confirmation.id);
  const password = confirmation && confirmationPasswordProblem(confirmation.password, subscriber.number);
  return {
    ...(problem ? { address: problem.code } : {}),
    ...(id ? { confirmationId: id } : {}),
    ...(password ? { confirmationPassword: password } : {}),
  };
}

/** The address that waits to be confirmed by this login. */
export function draftOf({ account, hash }: Login): AddressDraft | undefined {
  const holder = [account.pending, account.session].find((one) => one?.hash === hash);
  return holder?.draft?.what === 'address' ? holder.draft : undefined;
}

/**
 * Mails the link that completes the registration of the drafted address (O2). Until it is used the old address stays
 * (A10). Rejects when Redis or Kafka is away; then the draft is still there, and a link mailed before is good again.
 */
export async function registerAddress(deps: AccessDeps, login: SubscriberLogin): Promise<SendResult> {
  const { store, sendMail, siteOf, now } = deps;
  const { group, name } = login.place;
  const { number, line } = login.subscriber;
  const token = newSecret();
  const issuedAt = now();
  const expiresAt = issuedAt + LINK_MS;
  await store.remember('link', hashOf(token), login.place, LINK_MS);
  const taken = await store.change(group, [name], (access) => registered(access, login, issuedAt, token));
  if ('kind' in taken) return taken;
  try {
    const link = `${siteOf(line.brand)}/registration?token=${token}`;
    const mail = { number, brand: line.brand, recipient: taken.draft.address, issuedAt, expiresAt };
    await sendMail({ kind: 'address-registration', ...mail, secret: { link } }, randomUUID());
  } catch (error) {
    await takeBackLink(deps, login, hashOf(token), taken);
    throw error;
  }
  return { kind: 'sent' };
}

/** The draft that a link was made of, and the registration whose place it took. */
interface Taken {
  readonly draft: AddressDraft;
  readonly before: OneTime['registration'];
}

function registered(
  access: Access,
  login: Login,
  issuedAt: number,
  token: string,
): Change<SendResult | Taken> {
  const { name } = login.place;
  const account = accountOf(access, name);
  const draft = draftOf({ ...login, account });
  const cleared = withDraft(account, login.hash, null);
  if (!draft || !cleared) return { result: { kind: 'stale' } };
  const seconds = secondsUntilNextMail(account.oneTime.linksSentAt, issuedAt);
  if (seconds > 0) return { result: { kind: 'too-many', seconds } };
  const { address, confirmation } = draft;
  const registration = { address, confirmation, link: hashOf(token), expiresAt: issuedAt + LINK_MS };
  const linksSentAt = withMailAt(account.oneTime.linksSentAt, issuedAt);
  const isPending = cleared.pending?.hash === login.hash;
  const pending = isPending ? { ...cleared.pending, expiresAt: issuedAt + PENDING_MS } : cleared.pending;
  const after = { ...cleared, pending, oneTime: { ...account.oneTime, registration, linksSentAt } };
  const before = account.oneTime.registration;
  return { result: { draft, before }, accounts: new Map([[name, after]]), durable: true };
}

async function takeBackLink(
  { store }: AccessDeps,
  { place, hash }: Login,
  link: string,
  { draft, before }: Taken,
): Promise<void> {
  await store.change(place.group, [place.name], (access) => {
    const account = accountOf(access, place.name);
    const { registration, linksSentAt: sentAt } = account.oneTime;
    if (registration?.link !== link) return { result: undefined };
    const linksSentAt = sentAt.filter((at) => at !== registration.expiresAt - LINK_MS);
    const undone = { ...account, oneTime: { ...account.oneTime, linksSentAt, registration: before } };
    return { result: undefined, accounts: new Map([[place.name, withDraft(undone, hash, draft) ?? undone]]) };
  });
}

/** The registration that a link is of: the number whose it is, the address it completes. */
export interface OpenRegistration {
  readonly number: string;
  readonly address: string;
  readonly brand: string;
}

/** Finds the registration of a link's token, without using it up. `undefined`: used, lapsed, replaced, or no link. */
export async function findRegistration(
  deps: AccessDeps,
  token: string | undefined,
): Promise<OpenRegistration | undefined> {
  if (!isSecret(token)) return undefined;
  const place = await deps.store.find('link', hashOf(token));
  const line = place && (await deps.lines.findLine(place.name));
  if (!place || !line || place.group !== `line:${line.lineNumber}`) return undefined;
  const account = accountOf(await deps.store.read(place.group, [place.name]), place.name);
  const registration = openRegistration(account, token, deps.now());
  if (!registration) return undefined;
  return { number: place.name, address: registration.address, brand: line.brand };
}

function openRegistration(
  { oneTime: { registration } }: Account,
  token: string,
  now: number,
): Account['oneTime']['registration'] {
  return registration?.link === hashOf(token) && now < registration.expiresAt ? registration : null;
}

/**
 * Completes a registration by its link, once (A8, A10): from now on codes go to the new address, and the old one is told
 * (O4). Works on any device. `undefined`: the link is used, lapsed, replaced, or none.
 */
export async function completeRegistration(
  deps: AccessDeps,
  token: string | undefined,
): Promise<OpenRegistration | undefined> {
  const found = await findRegistration(deps, token);
  if (!found || token === undefined) return undefined;
  const { store, lines, now } = deps;
  const line = await lines.findLine(found.number);
  if (!line) return undefined;
  const { number } = found;
  const isDone = await store.change(`line:${line.lineNumber}`, [number], (access): Change<boolean> => {
    const account = accountOf(access, number);
    const registration = openRegistration(account, token, now());
    if (!registration) return { result: false };
    const { address, confirmation } = registration;
    const before = account.oneTime;
    const oneTime = {
      ...before,
      use: true,
      address,
      confirmation: confirmation ?? before.confirmation,
      registration: null,
    };
    const told = toldOfNewAddress({ ...account, oneTime }, before.address, {
      number,
      brand: line.brand,
      at: now(),
    });
    return { result: true, accounts: new Map([[number, told]]), durable: true };
  });
  // It leads nowhere any more and expires by itself; a failure must not make what is done look undone.
  await store.forget('link', hashOf(token)).catch(() => undefined);
  return isDone ? found : undefined;
}

/** Both addresses are told when one took the other's place. */
function toldOfNewAddress(
  account: Account,
  old: string | null,
  mail: { readonly number: string; readonly brand: string; readonly at: number },
): Account {
  if (old === null || old === account.oneTime.address) return account;
  const due = { kind: 'address-changed' as const, ...mail };
  return withDueMail(withDueMail(account, due), due, old);
}
