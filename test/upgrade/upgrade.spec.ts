import { runRow } from '../chaos/run-row.ts';
import { openSmallGround } from '../chaos/small-ground.ts';
import { closeLater } from '../support/close-later.ts';
import { kafkaBrokers } from '../support/servers.ts';
import { upgradeAndBack } from './two-releases.ts';
import { unpackRelease } from './unpack-release.ts';

const LIMIT_MS = 600_000;

describe('an upgrade without stopping', () => {
  it(
    'loses, doubles and misreads nothing beside the last release, and on the way back',
    async () => {
      const release = await unpackRelease();
      closeLater(() => release.remove());
      const ground = await openSmallGround(kafkaBrokers().join(','));
      closeLater(() => ground.close());
      const signal = AbortSignal.timeout(LIMIT_MS);
      const row = await runRow(upgradeAndBack(release.root), ground, Date.now(), signal);
      const { lost, doubledOutsideWindow, findings } = row;
      // The findings say what happened; without a loss or a double they are only remarks.
      const said = lost + doubledOutsideWindow > 0 ? findings : [];
      expect({ lost, doubledOutsideWindow, said }).toEqual({ lost: 0, doubledOutsideWindow: 0, said: [] });
    },
    LIMIT_MS,
  );
});
