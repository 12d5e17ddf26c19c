import type { Redis } from 'ioredis';
import { keysOf, openRedis } from '../integration/redis-for-test.ts';

/** How to read all of a value, by Redis' name of its type. */
const READ: Readonly<Record<string, (node: Redis, key: string) => Promise<unknown>>> = {
  string: (node, key) => node.getBuffer(key),
  hash: (node, key) => node.hgetallBuffer(key),
  set: (node, key) => node.smembersBuffer(key),
  zset: (node, key) => node.zrangeBuffer(key, '0', '-1'),
  list: (node, key) => node.lrangeBuffer(key, 0, -1),
  stream: (node, key) => node.xrangeBuffer(key, '-', '+'),
};

/**
 * The names and values of every key under a prefix, as one Latin-1 text to search. What Redis serializes is not enough: it
 * compresses, which tears long secrets apart.
 */
export async function redisDump(keyPrefix: string): Promise<string> {
  const keys = await keysOf(await openRedis({ keyPrefix }));
  const values = await Promise.all(keys.map(({ key, node }) => valueOf(node, key)));
  return [...keys.map(({ key }) => key), ...values].join('\n');
}

async function valueOf(node: Redis, key: string): Promise<string> {
  const type = await node.type(key);
  // It has expired meanwhile.
  if (type === 'none') return '';
  const read = READ[type];
  if (!read) throw new Error(`cannot read a ${type}`);
  return textOf(await read(node, key));
}

function textOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flat().map(textOf).join('\n')
    : String(value);
}
