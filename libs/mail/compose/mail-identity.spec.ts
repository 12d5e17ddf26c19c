import { deriveIdentityKey, mailIdentity } from './mail-identity.ts';

const parts = ['/switch', 'e-1', 'call', 'a@example.jp'];
const key = (byte: number) => deriveIdentityKey(Buffer.alloc(32, byte));

describe('mailIdentity', () => {
  it('names the same mail the same on every attempt', () => {
    expect(mailIdentity(key(1), parts)).toEqual(mailIdentity(key(1), [...parts]));
  });

  it('keeps the Message-ID when the keys change, and makes another return token', () => {
    const [before, after] = [mailIdentity(key(1), parts), mailIdentity(key(2), parts)];
    expect(after.messageId).toBe(before.messageId);
    expect(after.returnToken).not.toBe(before.returnToken);
  });

  it('gives each recipient names of its own, with nothing of the address in them', () => {
    const one = mailIdentity(key(1), parts);
    const other = mailIdentity(key(1), ['/switch', 'e-1', 'call', 'b@example.jp']);
    expect(other.messageId).not.toBe(one.messageId);
    expect(one.messageId).toMatch(/^[0-9a-f]{32}$/);
    expect(one.returnToken).toMatch(/^[0-9a-f]{32}$/);
    expect(one.returnToken).not.toBe(one.messageId);
  });
});
