import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { freePorts } from './free-ports.ts';
import { findJava } from './java.ts';
import jarLock from './kafka-jars.json' with { type: 'json' };
import { kafkaCluster, type KafkaInstallation } from './kafka-server.ts';
import { bringJars } from './maven-jars.ts';
import { dataFolder, startServer, stopServer } from './server.ts';

type Say = (text: string) => void;

/** Runs a broker once to make Java's class data archive: with it a start takes 1 s instead of 2.3 s. */
async function writeArchive(plain: KafkaInstallation, archive: string, signal?: AbortSignal): Promise<void> {
  const folder = await mkdtemp(path.join(path.dirname(archive), 'training-'));
  try {
    const [port = 0, controllerPort = 0] = await freePorts(2);
    const written = path.join(folder, 'kafka.jsa');
    const nodes = [{ id: 1, folder, port, controllerPort }];
    // Formatted without the option, because every Java program that has it writes an archive when it exits.
    await mkdir(dataFolder(folder));
    for (const plan of kafkaCluster(plain, nodes)) await plan.prepare?.(signal);
    const recording = { ...plain, javaOptions: [`-XX:ArchiveClassesAtExit=${written}`] };
    for (const plan of kafkaCluster(recording, nodes)) await startServer(plan, signal);
    await stopServer(folder);
    await rename(written, archive);
  } finally {
    await stopServer(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Installs Apache Kafka for all checkouts: its jars, checked against the lock, and Java's class data archive. */
export async function installKafka(say: Say, signal?: AbortSignal): Promise<KafkaInstallation> {
  const java = await findJava(say, signal);
  const folder = path.join(cacheFolder(), 'kafka');
  const repository = process.env['MAVEN_REPOSITORY_URL'];
  const jars = await bringJars(jarLock, { folder, repository, say, signal });
  const plain = { java, jars, javaOptions: [] };

  // An archive is valid for one Java and one list of jars; Java ignores it with any other.
  const id = createHash('sha256').update(java.version).update(jars.join()).digest('hex').slice(0, 16);
  const archive = path.join(folder, `classes-${id}.jsa`);
  const isThere = (): Promise<boolean> =>
    access(archive).then(
      () => true,
      () => false,
    );
  if (!(await isThere())) {
    say('Preparing Kafka for quick starts (once, takes a few seconds)');
    await writeArchive(plain, archive, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      say(`This Java cannot archive classes, so Kafka starts more slowly: ${String(error)}`);
    });
  }
  return (await isThere()) ? { ...plain, javaOptions: [`-XX:SharedArchiveFile=${archive}`] } : plain;
}
