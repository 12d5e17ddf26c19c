/** An address, so that its owner knows which one and a stranger does not: `t***@example.jp`. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}***${address.slice(at)}`;
}
