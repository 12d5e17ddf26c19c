import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../../tools/stack/cache-folder.ts';
import { runProgram } from '../../tools/stack/run-program.ts';
import { findProgram } from '../../tools/stack/system-package.ts';

/** Postfix's mail server and client for measurements, both in C. */
export interface PostfixTools {
  readonly sink: string;
  readonly source: string;
  /** The environment to run them with. */
  readonly env: NodeJS.ProcessEnv;
}

/** Without a network, apt-get gives up after this time; with a slow one it is given more. */
const CONNECT_SECONDS = 5;
const DOWNLOAD_LIMIT_MS = 90_000;
const PLACES = ['/usr/sbin', '/usr/local/sbin'];

/**
 * Finds `smtp-sink` and `smtp-source`; where they are not installed, brings them on Debian and Ubuntu. Their package is
 * only unpacked, into the cache folder: installed, it would be the machine's mail server in place of the one it has.
 * Resolves with undefined where they cannot be had; says why. Never prompts.
 */
export async function findPostfixTools(
  say: (text: string) => void,
  signal?: AbortSignal,
): Promise<PostfixTools | undefined> {
  const folder = path.join(cacheFolder(), 'postfix');
  const found = (await installed()) ?? (await unpacked(folder));
  if (found || (await findProgram('apt-get')) === undefined) return found;
  say("Downloading Postfix's package for smtp-sink and smtp-source");
  try {
    await download(folder, signal);
  } catch (error) {
    signal?.throwIfAborted();
    say(`Postfix's package could not be downloaded: ${String(error)}`);
  }
  return unpacked(folder);
}

async function installed(): Promise<PostfixTools | undefined> {
  const { env } = process;
  const [sink, source] = await Promise.all(['smtp-sink', 'smtp-source'].map((name) => locate(name)));
  return sink !== undefined && source !== undefined ? { sink, source, env } : undefined;
}

/** Administrators' folders are not in everybody's PATH. */
async function locate(name: string): Promise<string | undefined> {
  const found = await findProgram(name);
  if (found !== undefined) return found;
  const files = PLACES.map((place) => path.join(place, name));
  const there = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  return files.find((_, index) => there[index]?.isFile());
}

/** What was unpacked earlier, as long as it runs: the system may have other libraries by now. */
async function unpacked(folder: string): Promise<PostfixTools | undefined> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const libraries = files.filter((file) => /\.so(?:\.\d+)*$/.test(file)).map((file) => path.dirname(file));
  const paths = [...new Set(libraries)].map((place) => path.join(folder, place));
  const env = { ...process.env, LD_LIBRARY_PATH: paths.join(':') };
  const tools = { sink: `${folder}/usr/sbin/smtp-sink`, source: `${folder}/usr/sbin/smtp-source`, env };
  return (await answers(tools.sink, env)) && (await answers(tools.source, env)) ? tools : undefined;
}

/** Without arguments both print their usage, and fail. */
async function answers(command: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const said = await runProgram(command, [], { env }).catch(String);
  return said.includes('usage:');
}

/** Downloads the package with the libraries that the system does not have, and unpacks them. */
async function download(folder: string, signal?: AbortSignal): Promise<void> {
  const packages = path.join(folder, 'packages');
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(packages, 'partial'), { recursive: true });
  const patience = [
    `Acquire::http::Timeout=${CONNECT_SECONDS}`,
    `Acquire::https::Timeout=${CONNECT_SECONDS}`,
  ];
  const place = [`Dir::Cache::archives=${packages}`, 'Debug::NoLocking=1', 'Acquire::Retries=0'];
  const options = [...patience, ...place].flatMap((option) => ['-o', option]);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = { env, signal, timeout: DOWNLOAD_LIMIT_MS };
  // The lists that are there may be new enough; only root may renew them.
  await runProgram('apt-get', [...options, 'update', '-qq'], run).catch(() => signal?.throwIfAborted());
  const what = ['install', '-y', '-qq', '--no-install-recommends', '--download-only', 'postfix'];
  await runProgram('apt-get', [...options, ...what], run);
  for (const name of await readdir(packages))
    if (name.endsWith('.deb'))
      await runProgram('dpkg-deb', ['-x', path.join(packages, name), folder], { signal });
}
