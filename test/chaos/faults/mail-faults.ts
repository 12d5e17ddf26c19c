import { DEAD_LETTER_TOPIC } from '#events';
import { callEvent } from '../event-stream.ts';
import { RECOVERY_TARGETS, type Fault, type MoreFindings } from '../fault.ts';
import type { MailFault } from '../mail-fault.ts';
import type { Scene } from '../scene.ts';
import { subscriberWithFive } from '../subscribers.ts';

/** Long enough for several timeouts of a silent server. */
const LONG_MS = 12_000;
/** The next probe may be 2 s away; if the next outage began before full speed, recovery would count from the first one. */
const RETURN_MS = 6_000;
const CALM = { ground: 'calm', rounds: 10, targetMs: RECOVERY_TARGETS.serverBack } as const;

/** The mail server misbehaves `times` times, for at most `forMs` each. */
function misbehaving(name: string, fault: MailFault, { times = 2, forMs = 4_000 } = {}): Fault {
  const happen = async (scene: Scene): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      scene.mail.misbehave(fault);
      await scene.passBetween(forMs * 0.7, forMs);
      scene.mail.behave();
      scene.healed();
      await scene.pass(RETURN_MS);
    }
    await scene.pass(2_000);
  };
  return { ...CALM, name: `mail server: ${name}`, times, happen };
}

async function refuse(scene: Scene): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    await scene.mail.down();
    await scene.passBetween(3_000, 5_000);
    await scene.mail.up();
    scene.healed();
    await scene.pass(RETURN_MS);
  }
}

async function cutRepeatedly(scene: Scene): Promise<void> {
  for (let time = 0; time < 10; time += 1) {
    await scene.passBetween(100, 600);
    scene.mail.cutAll();
  }
  scene.healed();
  await scene.pass(6_000);
}

const FIVES = 6;
const IN_TIME_MS = 2_000;
const isFifth = (address: string): boolean => address.includes('-5@');

async function hangForOneOfFive(scene: Scene): Promise<void> {
  scene.mail.misbehave({ at: 'rcpt', does: 'hang', only: isFifth });
  for (let index = 0; index < FIVES; index += 1) {
    await scene.stream.publish(callEvent(`${scene.name}-five-${index}`, subscriberWithFive(index)));
    await scene.pass(700);
  }
  await scene.pass(LONG_MS);
  scene.mail.behave();
  scene.healed();
}

/** Notes how long the other four recipients waited, and which ones longer than 2 s. */
async function checkFour(scene: Scene): Promise<MoreFindings> {
  const fives = scene.stream.acknowledged.filter(({ addresses }) => addresses.some(isFifth));
  const waits = fives.flatMap(({ acknowledgedAt = Infinity, addresses }) =>
    addresses
      .filter((address) => !isFifth(address))
      .map((address) => {
        const taken = scene.mail.copies.find((copy) => copy.address === address)?.at ?? Infinity;
        return { address, ms: Math.round(taken - acknowledgedAt) };
      }),
  );
  const slow = waits.filter(({ ms }) => ms > IN_TIME_MS);
  const longest = Math.max(...waits.map(({ ms }) => ms));
  return {
    lost: [],
    notes: [
      `the ${waits.length} others had their mails within ${longest} ms`,
      ...slow.map(({ address, ms }) => `slow: ${address} had its mail after ${ms} ms`),
    ],
  };
}

const SLOW = {
  greeting: 15_000,
  rcpt: 12_000,
  dot: [20, 150],
  slowDot: { ms: 75_000, share: 0.3 },
} as const;

/** Slow at every step, within RFC 5321 §4.5.3.2, until everything is settled. */
async function slowAtEverything(scene: Scene): Promise<void> {
  scene.mail.slowDown(SLOW);
  await scene.pass(15_000);
}

async function checkOnce(scene: Scene): Promise<MoreFindings> {
  const dead = await scene.kafka.read(DEAD_LETTER_TOPIC);
  const copies = Map.groupBy(scene.mail.copies, ({ address }) => address);
  return {
    lost: [
      ...dead.map(
        ({ headers }) => `${String(headers['ce_id'])}: a dead letter for a mail that was only slow`,
      ),
      ...[...copies].filter(([, { length }]) => length > 1).map(([address]) => `${address}: sent twice`),
    ],
    notes: [],
  };
}

/** Faults of the mail server. */
export const MAIL_FAULTS: readonly Fault[] = [
  { ...CALM, name: 'mail server: connections refused', times: 2, rounds: 30, happen: refuse },
  { ...CALM, name: 'mail server: all connections cut', times: 10, rounds: 30, happen: cutRepeatedly },
  misbehaving('450 to RCPT, a third', { at: 'rcpt', does: 450, share: 0.3 }),
  misbehaving('550 to RCPT, a third', { at: 'rcpt', does: 550, share: 0.3 }),
  misbehaving('451 after the final dot, a third', { at: 'dot', does: 451, share: 0.3 }),
  misbehaving('554 after the final dot, a third', { at: 'dot', does: 554, share: 0.3 }),
  misbehaving('421 as greeting', { at: 'greeting', does: 421 }),
  misbehaving('421 to MAIL', { at: 'mail', does: 421 }),
  misbehaving('421 after the final dot', { at: 'dot', does: 421 }),
  misbehaving('hangs before its greeting', { at: 'greeting', does: 'hang' }, { times: 1, forMs: LONG_MS }),
  misbehaving('hangs at RCPT', { at: 'rcpt', does: 'hang' }, { times: 1, forMs: LONG_MS }),
  misbehaving(
    'hangs before its greeting, and for ever on old connections',
    { at: 'greeting', does: 'hang', forgets: true },
    { times: 1, forMs: LONG_MS },
  ),
  misbehaving(
    'hangs at RCPT, and for ever on old connections',
    { at: 'rcpt', does: 'hang', forgets: true },
    { times: 1, forMs: LONG_MS },
  ),
  {
    ground: 'calm',
    name: 'mail server: slow at everything',
    times: 1,
    rounds: 3,
    perSecond: 1,
    happen: slowAtEverything,
    check: checkOnce,
  },
  misbehaving('hangs inside DATA', { at: 'message', does: 'hang' }),
  misbehaving('hangs after the final dot', { at: 'dot', does: 'hang', takes: true, share: 0.5 }),
  {
    // Only a mail shows that it is over; one is tried with growing pauses of up to 15 s.
    ...misbehaving('the relay refuses us', {
      at: 'rcpt',
      does: 550,
      says: '5.7.1 Client host rejected: Access denied',
    }),
    targetMs: 20_000,
  },
  misbehaving('TLS fails', { at: 'tls', does: 'close' }),
  misbehaving('STARTTLS broken, no handshake', { at: 'tls', does: 'hang' }, { times: 1, forMs: LONG_MS }),
  misbehaving('451 to MAIL, a third', { at: 'mail', does: 451, share: 0.3 }),
  misbehaving('hangs at MAIL', { at: 'mail', does: 'hang' }, { times: 1, forMs: LONG_MS }),
  misbehaving('closes at MAIL', { at: 'mail', does: 'close' }),
  misbehaving('closes at RCPT', { at: 'rcpt', does: 'close' }),
  misbehaving('closes inside DATA', { at: 'message', does: 'close' }),
  misbehaving('closes after the final dot, taken', { at: 'dot', does: 'close', takes: true, share: 0.5 }),
  misbehaving('closes after the final dot, not taken', { at: 'dot', does: 'close', share: 0.5 }),
  {
    ...CALM,
    name: 'one recipient of five hangs',
    times: FIVES,
    happen: hangForOneOfFive,
    check: checkFour,
  },
];
