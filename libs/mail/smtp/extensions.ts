/** The extensions that a server announced, as far as we use them. */
export interface Extensions {
  /** RFC 2920: the envelope goes out in one write. */
  readonly pipelining: boolean;
  /** RFC 3461: delivery status notifications. */
  readonly dsn: boolean;
  /** RFC 1870: the maximum message size in bytes, 0 without a limit. Absent when SIZE is not announced. */
  readonly size?: number;
}

const NAMED = /^250[ -]([A-Za-z0-9][A-Za-z0-9-]*)(?:[ =](.*))?$/;

/** Parses the reply to EHLO. The reply to HELO announces nothing. */
export function extensionsOf(ehlo: string): Extensions {
  const named = new Map<string, string>();
  // The first line is the server's name and could be anything.
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
