declare module 'cookie' {
  /** The cookies of a `Cookie` header, decoded. */
  export function parse(header: string): Readonly<Record<string, string | undefined>>;
  /** A cookie as `Set-Cookie` says it. */
  export function serialize(
    name: string,
    value: string,
    options: {
      readonly secure: boolean;
      readonly httpOnly: boolean;
      readonly sameSite: 'lax';
      readonly path: string;
      readonly maxAge?: number;
    },
  ): string;
}
