/** How full a Redis is. */
export interface MemoryShare {
  /** Used memory as a part of `maxmemory`, or of the system's memory where there is no limit. */
  readonly used: number;
  /** Whether Redis makes room by itself when it is full. */
  readonly evicts: boolean;
}

/** Reads what `INFO memory` answered; what it does not say counts as no memory used. */
export function memoryShare(info: string): MemoryShare {
  const value = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const limit = Number(value('maxmemory')) || Number(value('total_system_memory'));
  const policy = value('maxmemory_policy');
  return {
    used: limit > 0 ? Number(value('used_memory')) / limit : 0,
    evicts: policy !== '' && policy !== 'noeviction',
  };
}
