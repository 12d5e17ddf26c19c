import { runProgram } from '../stack/run-program.ts';
import { canInstall, installPackage } from '../stack/system-package.ts';

/** The design tokens' font, with a true bold. */
const PACKAGE = 'fonts-noto-cjk';

/** Whether any font has Japanese; where fontconfig's program is missing, whether our package is installed. */
async function hasJapaneseFont(signal?: AbortSignal): Promise<boolean> {
  const ask = (command: string, args: string[]): Promise<string> =>
    runProgram(command, args, { signal }).catch(() => '');
  const found = (await ask('fc-list', [':lang=ja'])) || (await ask('dpkg-query', ['--show', PACKAGE]));
  signal?.throwIfAborted();
  return found !== '';
}

/** Installs a Japanese font where none is and packages may be installed. Without one, pages show boxes of the right size. */
export async function installJapaneseFont(say: (text: string) => void, signal?: AbortSignal): Promise<void> {
  if ((await hasJapaneseFont(signal)) || !(await canInstall())) return;
  try {
    await installPackage(PACKAGE, say, signal);
  } catch (error) {
    signal?.throwIfAborted();
    say(`apt-get could not install a Japanese font: ${String(error)}`);
  }
}
