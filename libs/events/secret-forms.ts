/** An encoded form with fewer letters and digits reveals nothing, and also occurs in unrelated text. */
const LEAST_ENCODED = 4;

/**
 * The forms in which a secret may appear in a text: as it is, percent-encoded, in JSON, and inside base64 or base64url
 * at any offset. Pure.
 */
export function formsOf(secret: string): string[] {
  const plain = [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)];
  const base64 = [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    // Without the characters that also hold bits of the text before or after it.
    const [from, to] = [before === 0 ? 0 : before + 1, Math.floor((bytes.length * 8) / 6)];
    return [bytes.toString('base64').slice(from, to), bytes.toString('base64url').slice(from, to)];
  });
  const telling = base64.filter((form) => form.replace(/[^a-z0-9]/gi, '').length >= LEAST_ENCODED);
  return [...new Set([...plain, ...telling])].filter((form) => form !== '');
}

/** Returns a function that replaces these secrets by `***`, in whatever form they appear in a text. */
export function maskSecrets(secrets: readonly string[]): (text: string) => string {
  // The longest first: one form may contain another.
  const forms = secrets.flatMap(formsOf).toSorted((one, other) => other.length - one.length);
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, '***'), text);
}
