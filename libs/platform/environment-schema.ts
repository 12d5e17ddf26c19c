import { z } from 'zod';
import {
  apiTokens,
  brokers,
  flag,
  matching,
  redisUrls,
  sealKeys,
  smtpServer,
  subsetOf,
  wholeNumber,
} from './environment-values.ts';
import { faxStorePlace } from './fax-store-place.ts';
import { addressBlocks, siteOrigin, waits } from './site-values.ts';
import { tracesVariables } from './traces/traces-variables.ts';
import { facts, variable, type VariableFacts } from './variable.ts';

const TRUE_OR_FALSE = 'true or false';
const LANES = ['access', 'main', 'retry'] as const;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

const kafka = {
  KAFKA_BROKERS: variable(brokers.optional(), {
    description: 'The brokers to begin with.',
    expected: 'host:port, several separated by commas',
  }),
  KAFKA_TOPIC_PREFIX: variable(matching(/^[A-Za-z0-9._-]{0,200}$/).prefault(''), {
    description: "Put before every topic's name as it is.",
    expected: 'letters, digits, dots, underscores and hyphens, at most 200',
  }),
  KAFKA_CREATE_TOPICS: variable(flag.prefault('true'), {
    description: 'Whether missing topics are created at start.',
    expected: TRUE_OR_FALSE,
  }),
  KAFKA_GROUP_ID: variable(matching(/^[A-Za-z0-9._-]{1,200}$/).prefault('denwa-notify'), {
    description: 'The consumer groups are called `<it>-main`, `-access`, `-retry` and `-history`.',
    expected: 'letters, digits, dots, underscores and hyphens, 1 to 200',
  }),
  KAFKA_SSL: variable(flag.prefault('false'), {
    description:
      'TLS to the brokers. A private authority, theirs or that of Redis or the mail relay, goes in `NODE_EXTRA_CA_CERTS`.',
    expected: TRUE_OR_FALSE,
  }),
  KAFKA_SASL_MECHANISM: variable(z.string().toLowerCase().pipe(z.enum(SASL_MECHANISMS)).optional(), {
    description: 'How to log in to Kafka; goes with the user name and the password.',
    expected: SASL_MECHANISMS.join(', '),
  }),
  KAFKA_SASL_USERNAME: variable(z.string().optional(), {
    description: 'Who logs in to Kafka.',
    expected: 'a user name, together with KAFKA_SASL_MECHANISM and KAFKA_SASL_PASSWORD',
  }),
  KAFKA_SASL_PASSWORD: variable(z.string().optional(), {
    description: 'The password for it.',
    expected: 'a password, together with KAFKA_SASL_MECHANISM and KAFKA_SASL_USERNAME',
    secret: true,
  }),
};

const redis = {
  REDIS_URL: variable(redisUrls.optional(), {
    description:
      'The one database. Several URLs are the nodes of a cluster. With `redis+sentinel://` the sentinels name the master; ' +
      '`?sentinelUsername=…&sentinelPassword=…` is for logging in to them.',
    expected:
      'redis://[user:password@]host[:port][/database] or rediss://…, several without a database, of the same scheme and login, separated by commas, ' +
      'or redis+sentinel://[user:password@]host[:port],host[:port]/name or rediss+sentinel://…',
    secret: true,
  }),
  HISTORY_REDIS_URL: variable(redisUrls.optional(), {
    description:
      'A Redis of its own for the history of outcomes, which may evict and needs no append-only file. Without it: `REDIS_URL`.',
    expected: 'what REDIS_URL takes',
    secret: true,
  }),
  REDIS_KEY_PREFIX: variable(matching(/^[A-Za-z0-9._:-]{0,100}$/).prefault('denwa-notify:'), {
    description: 'Put before every key as it is.',
    expected: 'letters, digits, dots, colons, underscores and hyphens, at most 100',
  }),
};

const mail = {
  SMTP_URL: variable(smtpServer.optional(), {
    description: 'The mail relay. Without a port: 25, and 465 for `smtps:`.',
    expected: 'smtp://[user:password@]host[:port][?requireTLS=true] or smtps://…',
    secret: true,
  }),
  SMTP_CONNECTIONS: variable(wholeNumber(1, 1000).prefault('20'), {
    description:
      'How many connections to the mail relay may be open at once, in one process. Those that wait long for an answer do not count, up to as many again.',
    expected: 'a whole number from 1 to 1000',
  }),
  SMTP_GREETING_SECONDS: variable(wholeNumber(1, 3600).prefault('300'), {
    description: 'How long the mail relay may take to greet (RFC 5321 §4.5.3.2.1).',
    expected: 'a whole number from 1 to 3600',
  }),
  SMTP_COMMAND_SECONDS: variable(wholeNumber(1, 3600).prefault('300'), {
    description: 'How long it may take for a command (RFC 5321 §4.5.3.2.2 to .4).',
    expected: 'a whole number from 1 to 3600',
  }),
  SMTP_DATA_SECONDS: variable(wholeNumber(1, 3600).prefault('600'), {
    description:
      'How long it may take for a message (RFC 5321 §4.5.3.2.6). Less than it needs makes copies of mails.',
    expected: 'a whole number from 1 to 3600',
  }),
  SMTP_CLIENT_NAME: variable(
    matching(/^(?=.{1,255}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$|^\[[0-9A-Fa-f:.IPv]+\]$/).optional(),
    {
      description:
        "The name that the mail relay is greeted by (EHLO). Without it: the host's name, and when that has no dot, the mail domain of the first brand.",
      expected: 'a host name with a dot, or an address in square brackets',
    },
  ),
  NOTIFY_LANES: variable(subsetOf(LANES).prefault(LANES.join(',')), {
    description:
      'Which lanes this process works. `access` belongs in a process of its own where calls come in thousands a second.',
    expected: `one or more of ${LANES.join(', ')}, separated by commas`,
  }),
  NOTIFY_BRANDS_DIR: variable(z.string().optional(), {
    description:
      'A folder with a YAML file for each brand, in place of the brands that come with the program.',
    expected: 'the path of a folder with a YAML file for each brand',
  }),
  SEAL_KEYS: variable(sealKeys.optional(), {
    description: 'Keys for the codes and links of access mails. The first one seals, all of them open.',
    expected: 'id:base64 of 32 bytes, several separated by commas; an id is letters, digits, _ and -',
    secret: true,
  }),
};

const http = {
  SETTINGS_API_TOKENS: variable(apiTokens.optional(), {
    description: 'Who may call the settings API; the name stands in its log.',
    expected: 'name:token, several separated by commas',
    secret: true,
  }),
  HTTP_HOST: variable(matching(/^[A-Za-z0-9._:-]+$/).prefault('0.0.0.0'), {
    description: 'The address to listen on, for health, metrics and the settings API.',
    expected: 'a host name or an IP address',
  }),
  HTTP_PORT: variable(wholeNumber(0, 65_535).prefault('3000'), {
    description: 'The port to listen on; 0 takes a free one, and the log says which.',
    expected: 'a whole number from 0 to 65535',
  }),
  LOG_LEVEL: variable(z.enum(LOG_LEVELS).prefault('info'), {
    description: 'The least important line that is written.',
    expected: LOG_LEVELS.join(', '),
  }),
};

const site = {
  SITE_URL: variable(siteOrigin.optional(), {
    description: "Where the subscribers' site is, for trying out; without it: each brand's own address.",
    expected: 'https://host[:port], or http://… for trying out',
  }),
  SITE_TRUSTED_PROXIES: variable(addressBlocks.optional(), {
    description:
      "The proxies in front of the site and of the settings app, whose `X-Forwarded-For` and `X-Forwarded-Proto` count. Through them nobody reaches the site's health and metrics.",
    expected: 'IP addresses and CIDR blocks, separated by commas',
  }),
  LOGIN_WAITS: variable(waits.prefault('1,2,5,10,30,60'), {
    description:
      'How many seconds to wait before the 4th, 5th … login in a row that fails; the last one holds for all others. `0`: none.',
    expected: 'whole numbers of seconds up to 86400, separated by commas, or 0',
  }),
  LOGIN_TRIES_PER_SOURCE: variable(wholeNumber(0, 1_000_000).prefault('100'), {
    description:
      "How many logins may fail from one source address (IPv6: from one /64) in 15 minutes, on the site and on the operator's page each. `0`: any number.",
    expected: 'a whole number from 0 to 1000000',
  }),
  FAX_DOCUMENTS_URL: variable(faxStorePlace.optional(), {
    description:
      'Where the documents of received FAXes lie, as `<documentId>.pdf`. Without it the site lists FAXes and opens none.',
    expected:
      'file:///folder, or s3://bucket[/prefix]?endpoint=https://host[:port]&region=name (one of both will do)',
  }),
  FAX_DOCUMENTS_KEY_ID: variable(z.string().optional(), {
    description: 'Who reads them from S3: the access key id.',
    expected: 'an access key id, together with FAX_DOCUMENTS_SECRET',
    secret: true,
  }),
  FAX_DOCUMENTS_SECRET: variable(z.string().optional(), {
    description: 'The secret access key for it.',
    expected: 'a secret access key, together with FAX_DOCUMENTS_KEY_ID',
    secret: true,
  }),
  VOICE_TOKENS: variable(apiTokens.optional(), {
    description:
      'What a media server shows to the telephone dialogue, as a Bearer token or as the password of Basic; the name stands in its log.',
    expected: 'name:token, several separated by commas',
    secret: true,
  }),
};

/** Every variable of the system. */
export const environmentSchema = z.object({
  ...kafka,
  ...redis,
  ...mail,
  ...http,
  ...site,
  ...tracesVariables,
});

/** The values of the variables, by name. */
export type Environment = z.output<typeof environmentSchema>;
export type VariableName = keyof Environment;

/** Every variable with its description and default text, in the order of the documentation. */
export const variables: readonly (VariableFacts & {
  readonly name: VariableName;
  readonly default?: string;
})[] = Object.entries(environmentSchema.shape).map(([name, schema]) => {
  const about = facts.get(schema);
  if (about === undefined) throw new Error(`${name} is not described`);
  const byDefault = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).default;
  return {
    name: name as VariableName,
    ...about,
    ...(typeof byDefault === 'string' ? { default: byDefault } : {}),
  };
});

/** When one of a group is set, the others of it are required. */
export const SET_TOGETHER: readonly (readonly VariableName[])[] = [
  ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'],
  ['FAX_DOCUMENTS_KEY_ID', 'FAX_DOCUMENTS_SECRET'],
];

/** The variables that others, by these texts, require. */
export function requiredBy(values: Readonly<Partial<Record<VariableName, string>>>): VariableName[] {
  const together = SET_TOGETHER.filter((group) => group.some((name) => values[name] !== undefined)).flat();
  const isS3 = values.FAX_DOCUMENTS_URL?.startsWith('s3:') ?? false;
  return isS3 ? [...together, 'FAX_DOCUMENTS_KEY_ID', 'FAX_DOCUMENTS_SECRET'] : together;
}
