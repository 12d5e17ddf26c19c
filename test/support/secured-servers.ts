import { X509Certificate } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { freePorts } from '../../tools/stack/free-ports.ts';
import { installKafka } from '../../tools/stack/install-kafka.ts';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { kafkaCluster } from '../../tools/stack/kafka-server.ts';
import { redisServer } from '../../tools/stack/redis-server.ts';
import { startServer, stopServer, type ServerPlan } from '../../tools/stack/server.ts';
import type { Authority, Certificate } from './certificate.ts';
import { createAuthority } from './certificate.ts';
import { closeLater } from './close-later.ts';
import { eventually } from './eventually.ts';
import { withRedisAt } from './redis-node.ts';
import { aSecret } from './run-log.ts';
import { usersForRedis } from './least-rights.ts';
import { startSecuredMailServer, type SecuredMail } from './secured-mail-server.ts';
import { useServers } from './servers.ts';
import { uniqueName } from './unique-name.ts';

/** The users of our programs and of KEDA, as `ops/acl` names them. */
const USERS = [
  'denwa-notifier',
  'denwa-settings',
  'denwa-site',
  'denwa-voice',
  'denwa-switch',
  'denwa-ops',
  'denwa-keda',
] as const;
export type User = (typeof USERS)[number];

/**
 * Kafka, Redis and a mail server with security switched on: each at `localhost`, with a certificate of one authority,
 * and with users who may do only what `ops/acl` allows. Kafka and Redis have a second port for the test itself, without
 * TLS and login.
 */
export interface SecuredServers {
  readonly authority: Authority;
  /** A file with the authority's certificate, for `NODE_EXTRA_CA_CERTS`. */
  readonly caFile: string;
  readonly folder: string;
  /** The same for all users. */
  readonly password: string;
  readonly kafka: ServerPlan;
  readonly ports: Readonly<Record<'kafka' | 'kafkaPlain' | 'redis' | 'redisPlain' | 'smtp', number>>;
  readonly mails: readonly SecuredMail[];
  /** The variables by which a user reaches all of them. */
  variablesOf(user: User): Readonly<Record<string, string>>;
  /** Gives all three another certificate, for the connections to come, and ends those to Redis and the mail server. */
  certify(certificate: Certificate): Promise<void>;
}

/** Starts them; they are stopped after the file. */
export async function startSecuredServers(): Promise<SecuredServers> {
  const folder = await mkdtemp(path.join(tmpdir(), 'secured-'));
  closeLater(() => rm(folder, { recursive: true, force: true }));
  const authority = await createAuthority();
  const caFile = path.join(folder, 'ca.pem');
  await writeFile(caFile, authority.cert);
  const password = aSecret(uniqueName('pass'));
  const [kafka = 0, kafkaPlain = 0, controller = 0, redis = 0, redisPlain = 0] = await freePorts(5);
  const first = await authority.issue('localhost');
  await writeCertificate(folder, first);
  const mails: SecuredMail[] = [];
  const mailServer = await startSecuredMailServer(first, password, mails);
  const ports = { kafka, kafkaPlain, redis, redisPlain, smtp: mailServer.port };
  const plans = await planServers({ folder, password, ports, controller });
  for (const plan of plans) closeLater(() => stopServer(plan.folder));
  await Promise.all(plans.map((plan) => startServer(plan)));
  return {
    authority,
    caFile,
    folder,
    password,
    kafka: plans[0],
    ports,
    mails,
    variablesOf: (user) => variablesOf(user, password, ports),
    certify: async (certificate) => {
      await writeCertificate(folder, certificate);
      mailServer.certify(certificate);
      await Promise.all([reloadKafka(ports, folder), reloadRedis(ports, folder)]);
      await eventually(() => shows(ports.kafka, certificate));
    },
  };
}

let used: SecuredServers | undefined;

/** Makes this file's tests run on secured servers, and its programs as users of their own; mail goes to the inbox. */
export function useSecured(servers: SecuredServers): void {
  used = servers;
  trust(servers.authority.cert);
  useServers({
    KAFKA_BROKERS: `127.0.0.1:${servers.ports.kafkaPlain}`,
    REDIS_URL: `redis://127.0.0.1:${servers.ports.redisPlain}`,
  });
}

/** The servers that this file's tests run on, if they are secured. */
export function securedServers(): SecuredServers | undefined {
  return used;
}

/** Makes this process trust a certificate authority, in addition to others. */
export function trust(certificate: string): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate]);
}

function variablesOf(
  user: User,
  password: string,
  { kafka, redis, smtp }: SecuredServers['ports'],
): Readonly<Record<string, string>> {
  return {
    KAFKA_BROKERS: `localhost:${kafka}`,
    KAFKA_SSL: 'true',
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: user,
    KAFKA_SASL_PASSWORD: password,
    REDIS_URL: `rediss://${user}:${password}@localhost:${redis}`,
    SMTP_URL: `smtp://notify:${password}@localhost:${smtp}?requireTLS=true`,
  };
}

async function writeCertificate(folder: string, { key, cert }: Certificate): Promise<void> {
  // Kafka may be reading the file.
  const whole = path.join(folder, 'server.pem');
  await writeFile(`${whole}.new`, `${key.trim()}\n${cert.trim()}\n`);
  await rename(`${whole}.new`, whole);
  await writeFile(path.join(folder, 'server.key'), key);
  await writeFile(path.join(folder, 'server.crt'), cert);
}

/** Each of the broker's network threads reads the file for itself; connections go to them in turn. */
const THREADS = 3;

async function shows(port: number, { cert }: Certificate): Promise<boolean> {
  const { fingerprint256 } = new X509Certificate(cert);
  const shown = await Promise.all(Array.from({ length: 2 * THREADS }, () => fingerprintAt(port)));
  return shown.every((one) => one === fingerprint256);
}

/** The fingerprint of the certificate that a server shows. */
function fingerprintAt(port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = tls.connect({ host: 'localhost', port, rejectUnauthorized: false }, () => {
    resolve(socket.getPeerCertificate().fingerprint256);
    socket.destroy();
  });
  socket.once('error', reject);
  return promise;
}

/** A changed setting makes the broker read the file again. */
async function reloadKafka({ kafkaPlain }: SecuredServers['ports'], folder: string): Promise<void> {
  const admin = new Kafka({ brokers: [`127.0.0.1:${kafkaPlain}`], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const name = 'listener.name.clients.ssl.keystore.location';
  const configEntries = [{ name, value: path.join(folder, 'server.pem') }];
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.BROKER, name: '1', configEntries }],
  });
  await admin.disconnect();
}

function reloadRedis({ redisPlain }: SecuredServers['ports'], folder: string): Promise<void> {
  return withRedisAt(redisPlain, async (redis) => {
    const [key, cert] = ['server.key', 'server.crt'].map((file) => path.join(folder, file));
    await redis.call('CONFIG', 'SET', 'tls-key-file', key ?? '', 'tls-cert-file', cert ?? '');
    // The switch has no Redis.
    const users = USERS.filter((user) => user !== 'denwa-switch' && user !== 'denwa-keda');
    for (const user of users) await redis.call('CLIENT', 'KILL', 'USER', user);
  });
}

interface Planning {
  readonly folder: string;
  readonly password: string;
  readonly ports: SecuredServers['ports'];
  readonly controller: number;
}

async function planServers({
  folder,
  password,
  ports,
  controller,
}: Planning): Promise<[ServerPlan, ServerPlan]> {
  const node = {
    id: 1,
    folder: path.join(folder, 'kafka'),
    port: ports.kafkaPlain,
    controllerPort: controller,
    secured: {
      port: ports.kafka,
      keyAndCertificate: path.join(folder, 'server.pem'),
      users: Object.fromEntries(USERS.map((user) => [user, password])),
    },
  };
  const [kafka] = kafkaCluster(await installKafka(() => undefined), [node]) as [ServerPlan];
  const installation = await installRedis(() => undefined);
  const redis = redisServer(installation, path.join(folder, 'redis'), ports.redisPlain);
  const users = path.join(folder, 'users.acl');
  const hasWaitaof = installation.major > 7 || (installation.major === 7 && installation.minor >= 2);
  await writeFile(users, usersForRedis(password, hasWaitaof));
  const settings = {
    'tls-port': String(ports.redis),
    'tls-key-file': path.join(folder, 'server.key'),
    'tls-cert-file': path.join(folder, 'server.crt'),
    'tls-auth-clients': 'no',
    aclfile: users,
  };
  const more = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return [kafka, { ...redis, args: [...redis.args, ...more] }];
}
