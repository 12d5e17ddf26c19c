// Rewrites kafka-jars.json after a change of the versions below. Only this program needs Maven.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand, say } from '../run-command.ts';
import type { JarLock } from './maven-jars.ts';
import { runProgram } from './run-program.ts';

const ROOTS = [
  { group: 'org.apache.kafka', artifact: 'kafka_2.13', version: '4.3.0' },
  // Kafka's distribution adds it; without it the broker logs nothing. Same version as the other log4j jars.
  { group: 'org.apache.logging.log4j', artifact: 'log4j-slf4j-impl', version: '2.25.4' },
];
const LOCK = new URL('kafka-jars.json', import.meta.url);

function pom(): string {
  const dependencies = ROOTS.map(
    ({ group, artifact, version }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project><modelVersion>4.0.0</modelVersion><groupId>lock</groupId><artifactId>lock</artifactId>
    <version>1</version><packaging>pom</packaging><dependencies>${dependencies.join('')}</dependencies></project>`;
}

async function lockJars(signal: AbortSignal): Promise<JarLock> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kafka-jars-'));
  try {
    await writeFile(path.join(folder, 'pom.xml'), pom());
    const list = path.join(folder, 'list.txt');
    const goal = ['dependency:list', '-DincludeScope=runtime', '-DoutputAbsoluteArtifactFilename=true'];
    await runProgram('mvn', ['-q', '-B', ...goal, `-DoutputFile=${list}`], { cwd: folder, signal });
    // For example `  org.slf4j:slf4j-api:jar:1.7.36:runtime:/…/slf4j-api-1.7.36.jar`.
    const lines = (await readFile(list, 'utf8')).matchAll(/(\S+):jar:(\S+?):\w+:(\S+\.jar)/g);
    const entries = [...lines].map(async ([, name, version, file = '']) => {
      const hash = createHash('sha256').update(await readFile(file));
      return [`${name}:${version}`, hash.digest('hex')] as const;
    });
    return Object.fromEntries((await Promise.all(entries)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await runCommand(async (signal) => {
  const lock = await lockJars(signal);
  await writeFile(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
  say(`kafka-jars.json holds ${Object.keys(lock).length} jars`);
});
