/** How full a Redis is: parts of `maxmemory`, or of the system's memory where there is no limit. */
export interface MemoryShare {
  /** What Redis compares with `maxmemory` before it refuses a write: without replicas' buffers and that of the AOF. */
  readonly counted: number;
  /** The same without the answers that clients have not read yet: what is kept, and what removing outcomes can change. */
  readonly stored: number;
  /** Whether Redis makes room by itself when it is full. */
  readonly evicts: boolean;
}

/** Reads what `INFO memory` answered; what it does not say counts as no memory used. */
export function memoryShare(info: string): MemoryShare {
  const value = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const bytes = (name: string): number => Number(value(name)) || 0;
  const limit = bytes('maxmemory') || bytes('total_system_memory');
  const counted = bytes('used_memory') - bytes('mem_not_counted_for_evict');
  const policy = value('maxmemory_policy');
  return {
    counted: limit > 0 ? counted / limit : 0,
    stored: limit > 0 ? (counted - bytes('mem_clients_normal')) / limit : 0,
    evicts: policy !== '' && policy !== 'noeviction',
  };
}
