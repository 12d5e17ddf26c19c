import { StackError } from './stack-error.ts';
import { canInstall, findProgram, installPackage } from './system-package.ts';

type Say = (text: string) => void;

/** The programs of Prometheus that this machine can run: the path of each. */
export interface PrometheusInstallation {
  readonly prometheus: string;
  readonly promtool: string;
  readonly alertmanager: string;
}

const PACKAGES = ['prometheus', 'prometheus-alertmanager'];

async function onPath(): Promise<PrometheusInstallation | undefined> {
  const [prometheus, promtool, debians, upstreams] = await Promise.all(
    ['prometheus', 'promtool', 'prometheus-alertmanager', 'alertmanager'].map(findProgram),
  );
  const alertmanager = debians ?? upstreams;
  return prometheus && promtool && alertmanager ? { prometheus, promtool, alertmanager } : undefined;
}

async function installed(say: Say, signal?: AbortSignal): Promise<PrometheusInstallation | undefined> {
  if (!(await canInstall())) return undefined;
  try {
    for (const name of PACKAGES) await installPackage(name, say, signal);
  } catch (error) {
    signal?.throwIfAborted();
    say(`apt-get could not install Prometheus: ${String(error)}`);
  }
  return onPath();
}

/**
 * Finds Prometheus, promtool and Alertmanager on PATH, or installs Debian's packages, without prompting and without
 * starting them. Else rejects with a `StackError` that says what to install.
 */
export async function installPrometheus(say: Say, signal?: AbortSignal): Promise<PrometheusInstallation> {
  const found = (await onPath()) ?? (await installed(say, signal));
  if (found !== undefined) return found;
  throw new StackError(
    'missing-program',
    'Prometheus, promtool or Alertmanager was not found on PATH. Install them (on Debian or Ubuntu: ' +
      `apt-get install ${PACKAGES.join(' ')}; on macOS: brew install prometheus alertmanager).`,
  );
}
