import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mavenUrl from 'mvn-artifact-url';
import pMap from 'p-map';
import { StackError } from './stack-error.ts';

/** The SHA-256 (hex) of each jar by its coordinates, `group:artifact:version`, with `:classifier` where it has one. */
export type JarLock = Readonly<Record<string, string>>;

interface JarDownload {
  /** The target folder; several processes may fill it concurrently. */
  readonly folder: string;
  /** The base URL of a Maven repository; Maven Central by default. */
  readonly repository?: string | undefined;
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** The pause before the second attempt; it doubles each time. */
  readonly pauseMs?: number;
}

const PARALLEL = 6;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 1_000;
const TIME_OUT_MS = 120_000;
// The same for every copy: Java rejects its class data archive when a jar's modification time has changed.
const JAR_TIME = new Date('2020-01-01T00:00:00Z');

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function isWhole(file: string, expected: string): Promise<boolean> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes !== undefined && sha256(bytes) === expected;
}

async function jarUrl(coordinates: string, repository: string | undefined): Promise<string> {
  const [groupId = '', artifactId = '', version = '', classifier] = coordinates.split(':');
  const base = repository === undefined ? undefined : `${repository.replace(/\/+$/, '')}/`;
  return mavenUrl.default({ groupId, artifactId, version, ...(classifier && { classifier }) }, base);
}

async function fetchJar(url: string, expected: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const limit = AbortSignal.timeout(TIME_OUT_MS);
  const response = await fetch(url, {
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  });
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const actual = sha256(bytes);
  if (actual !== expected)
    throw new Error(`the SHA-256 is ${actual}, expected ${expected} (${bytes.length} bytes)`);
  return bytes;
}

async function fetchPatiently(url: string, expected: string, options: JarDownload): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchJar(url, expected, options.signal);
    } catch (cause) {
      options.signal?.throwIfAborted();
      const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
      if (attempt === ATTEMPTS)
        throw new StackError(
          'download-failed',
          `Cannot download ${url}: ${String(why)}. Is the network up? ` +
            'MAVEN_REPOSITORY_URL selects another Maven repository.',
          { cause, retryable: true },
        );
      options.say(`${url}: ${String(why)}; trying again (${attempt + 1} of ${ATTEMPTS})`);
      await delay((options.pauseMs ?? FIRST_PAUSE_MS) * 2 ** (attempt - 1), undefined, {
        ...(options.signal && { signal: options.signal }),
      });
    }
  }
}

/** Writes to a temporary file and renames it, so that nobody sees a partial jar and concurrent writers do no harm. */
async function put(file: string, bytes: Uint8Array): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  try {
    await writeFile(part, bytes);
    await utimes(part, JAR_TIME, JAR_TIME);
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

/** Downloads the jars of the lock that are missing or damaged. Resolves with all their paths in the lock's order. */
export async function bringJars(lock: JarLock, options: JarDownload): Promise<readonly string[]> {
  await mkdir(options.folder, { recursive: true });
  const jars = Object.entries(lock).map(([coordinates, expected]) => {
    const [, ...name] = coordinates.split(':');
    return { coordinates, expected, file: path.join(options.folder, `${name.join('-')}.jar`) };
  });
  const whole = await pMap(jars, (jar) => isWhole(jar.file, jar.expected), { concurrency: PARALLEL });
  const missing = jars.filter((_, index) => whole[index] !== true);
  let done = 0;
  const bring = async (jar: (typeof jars)[number]): Promise<void> => {
    const url = await jarUrl(jar.coordinates, options.repository);
    await put(jar.file, await fetchPatiently(url, jar.expected, options));
    done += 1;
    if (done % 10 === 0 || done === missing.length)
      options.say(`${done} of ${missing.length} jars downloaded`);
  };
  await pMap(missing, bring, { concurrency: PARALLEL });
  return jars.map((jar) => jar.file);
}
