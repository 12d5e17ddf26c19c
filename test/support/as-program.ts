import { grantInKafka } from './least-rights.ts';
import { kafkaBrokers, redisUrl } from './servers.ts';
import { securedServers, type SecuredServers, type User } from './secured-servers.ts';

type Variables = Readonly<Record<string, string>>;

const granted = new Map<string, Promise<void>>();

/**
 * A program's environment: as given, or where the file runs on secured servers, with that program's own user in Kafka
 * and Redis. Its topics and groups are then granted as `ops/acl` says.
 */
export async function asProgram(program: ProgramName, environment: Variables): Promise<Variables> {
  const servers = securedServers();
  if (servers === undefined) return environment;
  await grantOnce(servers, {
    prefix: environment['KAFKA_TOPIC_PREFIX'] ?? '',
    groupId: environment['KAFKA_GROUP_ID'] ?? 'denwa-notify',
  });
  const own = servers.variablesOf(`denwa-${program}`);
  // A test that puts something in between keeps it.
  const isKafka = environment['KAFKA_BROKERS'] === kafkaBrokers().join();
  const isRedis = environment['REDIS_URL'] === redisUrl();
  const isMeant = (name: string): boolean =>
    (isRedis && name === 'REDIS_URL') || (isKafka && name.startsWith('KAFKA_'));
  const access = Object.entries(own).filter(([name]) => isMeant(name));
  return { ...environment, ...Object.fromEntries(access), NODE_EXTRA_CA_CERTS: servers.caFile };
}

type ProgramName = User extends `denwa-${infer Name}` ? Name : never;

function grantOnce(servers: SecuredServers, names: Parameters<typeof grantInKafka>[1]): Promise<void> {
  const key = `${names.prefix} ${names.groupId}`;
  const known = granted.get(key) ?? grantInKafka(`127.0.0.1:${servers.ports.kafkaPlain}`, names);
  granted.set(key, known);
  return known;
}
