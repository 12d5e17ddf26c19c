import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Java } from './java.ts';
import { runProgram } from './run-program.ts';
import { dataFolder, type ServerPlan } from './server.ts';

/** Apache Kafka's jars and the Java that runs them. */
export interface KafkaInstallation {
  readonly java: Java;
  readonly jars: readonly string[];
  /** More options for Java, e.g. where its class data archive is. */
  readonly javaOptions: readonly string[];
}

/** One broker, which is also a controller. */
export interface KafkaNode {
  readonly id: number;
  readonly folder: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly secured?: SecuredListener;
}

/**
 * A second listener, at `localhost`: over TLS, with a login by SCRAM or PLAIN, for users who may do only what they were
 * allowed to. Whoever comes by the first one may do everything.
 */
interface SecuredListener {
  readonly port: number;
  /** A PEM file: the key, then its certificate. It is read at each start. */
  readonly keyAndCertificate: string;
  /** Passwords by user, fixed when the storage is formatted. */
  readonly users: Readonly<Record<string, string>>;
}

// Any 16 bytes in base64url will do: clusters never meet, because each has its own ports.
const CLUSTER_ID = 'ZGVud2Etbm90aWZ5LWtmaw';
const HOST = '127.0.0.1';
// Small and quick to start. `javaOptions` come later and may raise the limits.
const JAVA_OPTIONS = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

const LOG4J = `status = warn
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %m (%c{1})%n%throwable
rootLogger.level = info
rootLogger.appenderRef.out.ref = out
logger.config.name = org.apache.kafka.common.config.AbstractConfig
logger.config.level = warn
`;

const SCRAM = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

function securedSettings({ keyAndCertificate, users }: SecuredListener): Record<string, string | boolean> {
  const listener = 'listener.name.clients';
  const security = 'org.apache.kafka.common.security';
  const passwords = Object.entries(users).map(([user, password]) => ` user_${user}="${password}"`);
  return {
    [`${listener}.sasl.enabled.mechanisms`]: [...SCRAM, 'PLAIN'].join(),
    ...Object.fromEntries(
      SCRAM.map((mechanism) => [
        `${listener}.${mechanism.toLowerCase()}.sasl.jaas.config`,
        `${security}.scram.ScramLoginModule required;`,
      ]),
    ),
    [`${listener}.plain.sasl.jaas.config`]: `${security}.plain.PlainLoginModule required${passwords.join('')};`,
    [`${listener}.ssl.keystore.type`]: 'PEM',
    [`${listener}.ssl.keystore.location`]: keyAndCertificate,
    // So that a running broker can be given any other certificate.
    [`${listener}.ssl.allow.dn.changes`]: true,
    [`${listener}.ssl.allow.san.changes`]: true,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': false,
    'super.users': 'User:ANONYMOUS',
  };
}

/** The options of `format` that create the users for SCRAM. */
function scramUsers({ users }: SecuredListener): string[] {
  return Object.entries(users).flatMap(([user, password]) =>
    SCRAM.flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${user},password=${password}]`]),
  );
}

/** The `server.properties` of one node of the cluster `nodes`. */
function properties(node: KafkaNode, nodes: readonly KafkaNode[]): string {
  const replicas = nodes.length;
  const { secured } = node;
  const clients = secured
    ? { here: `,CLIENTS://${HOST}:${secured.port}`, type: ',CLIENTS:SASL_SSL' }
    : undefined;
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': nodes.map((each) => `${each.id}@${HOST}:${each.controllerPort}`).join(),
    listeners: `BROKER://${HOST}:${node.port},CONTROLLER://${HOST}:${node.controllerPort}${clients?.here ?? ''}`,
    'advertised.listeners': `BROKER://${HOST}:${node.port}${clients?.here.replace(HOST, 'localhost') ?? ''}`,
    'listener.security.protocol.map': `BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT${clients?.type ?? ''}`,
    'inter.broker.listener.name': 'BROKER',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': dataFolder(node.folder),
    // As in production: a missing topic is an error and must not be created on the fly.
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': Math.min(2, replicas),
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 8,
    'offsets.topic.segment.bytes': 1_048_576,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': Math.min(2, replicas),
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    // A killed broker can register again only after its old session has expired: 9 s by default.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    ...(secured && securedSettings(secured)),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Plans the brokers of a cluster. Replication and `min.insync.replicas` (at most 2) follow their number. */
export function kafkaCluster(
  installation: KafkaInstallation,
  nodes: readonly KafkaNode[],
): readonly ServerPlan[] {
  return nodes.map((node) => {
    const config = path.join(node.folder, 'server.properties');
    const log4j = path.join(node.folder, 'log4j2.properties');
    const { java, jars, javaOptions } = installation;
    const args = [
      ...JAVA_OPTIONS,
      ...javaOptions,
      `-Dlog4j2.configurationFile=${log4j}`,
      '-cp',
      jars.join(path.delimiter),
    ];
    return {
      name: nodes.length === 1 ? 'Kafka' : `Kafka broker ${node.id}`,
      folder: node.folder,
      command: java.command,
      args: [...args, 'kafka.Kafka', config],
      readyWhen: ['Kafka Server started'],
      prepare: async (signal?: AbortSignal): Promise<void> => {
        await writeFile(config, properties(node, nodes));
        await writeFile(log4j, LOG4J);
        const formatted = await access(path.join(dataFolder(node.folder), 'meta.properties')).then(
          () => true,
          () => false,
        );
        if (formatted) return;
        const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', config];
        const users = node.secured ? scramUsers(node.secured) : [];
        await runProgram(java.command, [...args, ...format, ...users], { signal });
      },
    };
  });
}

/** The bootstrap addresses, in the form of `KAFKA_BROKERS`. */
export function brokerList(nodes: readonly KafkaNode[]): string {
  return nodes.map((node) => `${HOST}:${node.port}`).join();
}
