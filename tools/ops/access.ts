import type { Command } from 'commander';
import { accessState, policyOfBrand, type AccessState, type Line, type Unit } from '#access';
import { japanTime } from '#events';
import { BRANDS_DIR, loadBrands } from '#mail';
import { maskAddress } from '#platform';
import { createAccessStore, createSettingsRepository } from '#redis';
import { OpsError } from './ops-error.ts';
import { environmentWith, withRedis } from './servers.ts';
import { numberArgument, visible } from './text.ts';

/** `ops access`: why somebody can or cannot log in with a number. */
export function addAccess(ops: Command): void {
  ops
    .command('access')
    .summary('why somebody can, or cannot, log in with a number')
    .description(
      "Show the state of a number's login, never a secret: the line's authentication unit, the password and when it " +
        'expires, the one-time password, whether somebody is logged in, the last login, and what operators did (A15). ' +
        'The settings API changes it: see docs/runbook.md',
    )
    .argument('<number>', 'a telephone number', numberArgument)
    .action(access);
}

async function access(number: string): Promise<void> {
  const environment = environmentWith(['REDIS_URL']);
  const brands = loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR);
  const policyOf = (brand: string): ReturnType<typeof policyOfBrand> =>
    policyOfBrand(brands.get(brand)?.password);
  await withRedis(environment, async (redis) => {
    const repository = createSettingsRepository(redis);
    const store = createAccessStore(redis);
    try {
      const line = await repository.findLine(number);
      if (!line) throw new OpsError('not-found', `${number}: no known line has this number`);
      const state = await accessState({ store, policyOf, now: Date.now }, line, number);
      for (const told of describeAccess(number, line, state)) console.log(told);
    } finally {
      await store.close();
      await repository.close();
    }
  });
}

const UNITS: Readonly<Record<Unit, string>> = {
  line: 'line: the line number alone logs in, and sets every number',
  number: 'number: each number logs in, and sets itself alone',
  'administrator-user':
    'administrator/user: the line number logs in and sets every number; the others log in and set themselves alone',
};

const BY_TELEPHONE = 'a temporary password has to be set by telephone';

const PASSWORDS: Readonly<Record<AccessState['password'], string>> = {
  none: `none: ${BY_TELEPHONE}`,
  temporary: 'a temporary one, to be changed at the next login',
  set: 'set',
  expired: 'expired: the next login asks for a new one',
  invalid: `invalid, by too many wrong tries or by an operator: ${BY_TELEPHONE}`,
};

/** Describes the login of a line's number, one fact a line; what operators did, newest first. */
export function describeAccess(number: string, line: Line, state: AccessState): string[] {
  const { unit, password, passwordExpiresAt, sessions, lastLoginAt, interventions } = state;
  const expires = passwordExpiresAt === undefined ? '' : `; until ${japanTime(passwordExpiresAt)}`;
  // With a temporary password a number logs in by the unit that was dialled.
  const isShut = unit === 'line' && number !== line.lineNumber && password !== 'temporary';
  return [
    `number ${number} of line ${line.lineNumber}, brand ${line.brand}`,
    `  authentication unit  ${UNITS[unit]}`,
    ...(isShut ? [`  login                not with this number: only with ${line.lineNumber}`] : []),
    `  password             ${PASSWORDS[password]}${expires}`,
    `  one-time password    ${oneTimePassword(state.oneTimePassword)}`,
    `  logged in            ${sessions > 0 ? 'yes' : 'nobody'}`,
    `  last login           ${lastLoginAt === null ? 'never' : japanTime(lastLoginAt)}`,
    `  operators            ${interventions.length > 0 ? 'newest first:' : 'did nothing'}`,
    ...interventions.map(({ at, by, what }) => `    ${japanTime(at)}  ${what} by ${by}`),
  ].map(visible);
}

function oneTimePassword({ use, address, pending }: AccessState['oneTimePassword']): string {
  const waits = pending ? '; an address waits for the link that was mailed to it' : '';
  if (use === null) return `not chosen yet: the next login asks${waits}`;
  const to = address === null ? 'no address' : maskAddress(address);
  return `${use ? `in use: each login sends a code to ${to}` : 'not in use'}${waits}`;
}
