import { loadBrands } from './load-brands.ts';
import { BRANDS_DIR } from '../package-root.ts';
import { clientName } from './brand.ts';

describe('the name for EHLO', () => {
  const brands = loadBrands(BRANDS_DIR);

  it("is the host's when that is fully qualified", () => {
    expect(clientName('notifier.example.jp', brands)).toBe('notifier.example.jp');
  });

  it('is the mail domain of the first brand for a bare host name, as containers have', () => {
    expect(clientName('3f2a9c', brands)).toBe([...brands.values()][0]!.mail.domain);
    expect(clientName('3f2a9c', new Map())).toBe('3f2a9c');
  });
});
