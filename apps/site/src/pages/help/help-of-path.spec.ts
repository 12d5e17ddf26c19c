import { BRANDS_DIR, loadBrands } from '#mail';
import { serviceLinks } from '../services/view.tsx';
import { helpOfPath } from './help-of-path.ts';

describe('the help of a page', () => {
  it.each([
    ['/numbers/0312345678/call-notice', '/help/call-notice'],
    ['/numbers/0312345678/fax-notice/received/f-1', '/help/fax-notice'],
    ['/line/bulk-transfer/destinations', '/help/bulk-transfer'],
    ['/line/bulk-transfer/csv', '/help/csv'],
    ['/numbers/0312345678/history', '/help/history'],
    ['/self-care/ip-phone-password', '/help/ip-phone-password'],
    ['/self-care', '/help/ip-phone-password'],
    ['/login', '/help/login'],
    ['/password/0312345678', '/help/login'],
    ['/unit/line', '/help/unit'],
    ['/code/address', '/help/one-time-password'],
    ['/menu', '/help'],
    ['/', '/help'],
    ['/help/call-notice', '/help'],
    ['/constructor/__proto__', '/help'],
  ])('of %s is %s', (path, help) => {
    expect(helpOfPath(path)).toBe(help);
  });

  it('A13 is a topic of its own for every service', () => {
    const line = { lineNumber: '0312345678', brand: 'ntt-east', numbers: ['0312345678'] };
    const login = { line, number: line.lineNumber, numbers: line.numbers, unit: 'line' } as const;
    const topics = serviceLinks(loadBrands(BRANDS_DIR).get('ntt-east')!, login).map(({ href }) =>
      helpOfPath(href),
    );
    expect(topics).not.toContain('/help');
    expect(new Set(topics).size).toBe(topics.length);
  });
});
