import { changePassword } from './change-password.ts';
import { requestUnitChange } from './change-unit.ts';
import { changeConfirmationPassword, confirmPair } from './confirmation.ts';
import { draftAddress } from './register-address.ts';
import {
  ADDRESS,
  createScene,
  given,
  IN_USE,
  NEXT_PASSWORD,
  NUMBER,
  openBrowser,
  PAIR,
  PASSWORD,
  USER,
  withPassword,
  type Browser,
  type Scene,
} from './testing/access-scene.ts';

type Here = Awaited<ReturnType<Browser['here']>>;
type Work = (scene: Scene, login: Here) => Promise<unknown>;

const { confirmation = null } = IN_USE;
const IN = { use: false, confirmation };

/** What costs a hash, and how somebody stands who may do it. */
const WORK: readonly (readonly [string, typeof IN | typeof IN_USE, Work])[] = [
  [
    'A5 a new password',
    IN,
    ({ deps }, login) =>
      changePassword(deps, login, { number: NUMBER, current: PASSWORD, next: NEXT_PASSWORD }),
  ],
  [
    'A6 another unit',
    IN,
    ({ deps }, login) =>
      requestUnitChange(deps, login, 'line', new Map([NUMBER, USER].map((number) => [number, PASSWORD]))),
  ],
  [
    'A8 an address',
    IN,
    ({ deps }, login) => draftAddress(deps, login, { address: ADDRESS, confirmation: PAIR }),
  ],
  [
    'A9 another confirmation password',
    IN,
    ({ deps }, login) =>
      changeConfirmationPassword(deps, login, { current: PAIR.password, next: 'botan53yq' }),
  ],
  ['A10 the confirmation pair', IN_USE, ({ deps }, login) => confirmPair(deps, login, PAIR)],
];

describe('what a login has hashed waits for itself, so that its flood keeps nobody else from logging in:', () => {
  it.each(WORK)('%s', async (_, oneTime, work) => {
    const scene = createScene();
    const account = withPassword(scene, PASSWORD, oneTime);
    await given(scene, 'number', { [NUMBER]: account, [USER]: account });
    const browser = openBrowser(scene);
    await browser.logIn(NUMBER, PASSWORD);
    const login = await browser.here();
    scene.hasher.sources.clear();
    await work(scene, login);
    expect([...scene.hasher.sources]).toEqual([NUMBER]);
  });
});
