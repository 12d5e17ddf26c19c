/** What a server announced and we use. */
export interface Extensions {
  /** RFC 2920: the envelope goes out in one piece. */
  readonly pipelining: boolean;
  /** RFC 3461. */
  readonly dsn: boolean;
  /** RFC 1870: the largest message in bytes, 0 when the server names none; absent when SIZE is not announced. */
  readonly size?: number;
}

const NAMED = /^250[ -]([A-Za-z0-9][A-Za-z0-9-]*)(?:[ =](.*))?$/;

/** Reads the reply to EHLO; of any other reply (HELO's) nothing is announced. */
export function extensionsOf(ehlo: string): Extensions {
  const named = new Map<string, string>();
  // The first line is the server's name, which could be anything.
  for (const line of ehlo.split(/\r?\n/).slice(1)) {
    const [, name, parameter = ''] = NAMED.exec(line.trimEnd()) ?? [];
    if (name !== undefined) named.set(name.toUpperCase(), parameter);
  }
  const size = named.get('SIZE');
  return {
    pipelining: named.has('PIPELINING'),
    dsn: named.has('DSN'),
    ...(size === undefined ? {} : { size: /^\d{1,15}$/.test(size) ? Number(size) : 0 }),
  };
}
