import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';
import type { AclEntry } from 'kafkajs';
import { eventually } from './eventually.ts';

/** The file with the users for Redis, for any key prefix, with one password, as this Redis takes it. */
export function usersForRedis(password: string, hasWaitaof: boolean): string {
  const text = readFileSync('ops/acl/redis-users.acl', 'utf8')
    // The test's own connections come by the port without TLS, as the user that everybody is there.
    .replace('user default off', 'user default on nopass ~* &* +@all')
    .replaceAll(/#SHA256-\S+/g, `#${hash('sha256', password)}`)
    .replaceAll('~denwa-notify:', '~*');
  return hasWaitaof ? text : text.replaceAll(' +waitaof', '');
}

/** Names of our topics and groups, as the environment has them. */
interface Names {
  readonly prefix: string;
  readonly groupId: string;
}

/** What `ops/acl/kafka.sh` allows, with topics to be created by the notifier. */
export function rightsInKafka({ prefix, groupId }: Names): AclEntry[] {
  const script = readFileSync('ops/acl/kafka.sh', 'utf8');
  const lines = [...script.matchAll(/^ *allow (denwa-\S+) (\S+) (\S+) ?(.*)$/gm)];
  return lines.flatMap(([, user, operations = '', on = '', names = '']) =>
    operations.split(',').flatMap((operation) =>
      names.split(' ').map((name) => ({
        ...resourceOf(on, name, { prefix, groupId }),
        principal: `User:${user}`,
        host: '*',
        operation: OPERATIONS[operation] ?? AclOperationTypes.UNKNOWN,
        permissionType: AclPermissionTypes.ALLOW,
      })),
    ),
  );
}

/** Grants all of it by a broker's port that asks for no login; resolves when it holds. */
export async function grantInKafka(broker: string, names: Names): Promise<void> {
  const admin = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const acl = rightsInKafka(names);
  await admin.createAcls({ acl });
  await eventually(async () => {
    const { resources } = await admin.describeAcls({
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
      operation: AclOperationTypes.ANY,
    });
    const known = new Set(resources.map(({ resourceName }) => resourceName));
    return acl.every(({ resourceName }) => known.has(resourceName));
  });
  await admin.disconnect();
}

/** Kafka's operations, by the names that its tools have for them. */
export const OPERATIONS: Readonly<Record<string, AclOperationTypes>> = {
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Describe: AclOperationTypes.DESCRIBE,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
  Create: AclOperationTypes.CREATE,
  Alter: AclOperationTypes.ALTER,
  AlterConfigs: AclOperationTypes.ALTER_CONFIGS,
};

type Resource = Pick<AclEntry, 'resourceType' | 'resourceName' | 'resourcePatternType'>;

function resourceOf(on: string, name: string, { prefix, groupId }: Names): Resource {
  const { LITERAL, PREFIXED } = ResourcePatternTypes;
  const { TOPIC, GROUP, CLUSTER } = AclResourceTypes;
  if (on === 'topic')
    return { resourceType: TOPIC, resourceName: prefix + name, resourcePatternType: LITERAL };
  if (on === 'group')
    return { resourceType: GROUP, resourceName: `${groupId}-${name}`, resourcePatternType: LITERAL };
  if (on === 'own-groups') return { resourceType: GROUP, resourceName: name, resourcePatternType: PREFIXED };
  return { resourceType: CLUSTER, resourceName: 'kafka-cluster', resourcePatternType: LITERAL };
}
