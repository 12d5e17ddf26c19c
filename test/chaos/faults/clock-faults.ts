import { globSync } from 'node:fs';
import { canInstall, installPackage } from '../../../tools/stack/system-package.ts';
import { say } from '../../../tools/run-command.ts';
import { RECOVERY_TARGETS, type Fault } from '../fault.ts';
import type { Scene } from '../scene.ts';

const LIBRARY = '/usr/lib/*/faketime/libfaketime.so.1';
const HOUR = 3_600;

function library(): string | undefined {
  return globSync(LIBRARY)[0];
}

let installing: Promise<void> | undefined;

/** Installs libfaketime where that works without prompting; otherwise tells why it is missing. */
async function missingLibrary(): Promise<string | undefined> {
  if (library() === undefined && (await canInstall())) {
    installing ??= installPackage('faketime', say);
    await installing;
  }
  return library() === undefined
    ? 'libfaketime is not installed (on Debian: apt-get install faketime)'
    : undefined;
}

/** The notifier's clock is wrong by `offset` seconds while all others are right; some mails are retried. */
function wrongBy(offset: number, name: string): Fault {
  const happen = async (scene: Scene): Promise<void> => {
    const faked = { LD_PRELOAD: library() ?? '', FAKETIME: `${offset >= 0 ? '+' : ''}${offset}` };
    await scene.replaceFirst({ environment: { ...faked, FAKETIME_DONT_FAKE_MONOTONIC: '1' } });
    scene.mail.misbehave({ at: 'rcpt', does: 450, share: 0.2, once: true });
    await scene.pass(4_000);
    scene.mail.behave();
    scene.healed();
    await scene.pass(4_000);
  };
  return {
    name,
    ground: 'calm',
    times: 1,
    rounds: 3,
    targetMs: RECOVERY_TARGETS.serverBack,
    happen,
    missing: missingLibrary,
  };
}

/** Clocks that are wrong. */
export const CLOCK_FAULTS: readonly Fault[] = [
  wrongBy(HOUR, 'our clock an hour ahead'),
  wrongBy(-HOUR, 'our clock an hour behind'),
];
