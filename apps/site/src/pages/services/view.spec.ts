import type { Subscriber } from '#access';
import { BRANDS_DIR, loadBrands } from '#mail';
import { serviceLinks } from './view.tsx';

const [LINE, USER] = ['0312345678', '0312345679'];
const line = { lineNumber: LINE, brand: 'ntt-east', numbers: [LINE, USER] };

const shown = (brand: string, subscriber: Pick<Subscriber, 'number' | 'numbers' | 'unit'>): string[] =>
  serviceLinks(loadBrands(BRANDS_DIR).get(brand)!, { line, ...subscriber }).map(({ text }) => text);

describe('A13 the services that a login may set', () => {
  it('are all of them for who may set the line, by the brand’s names', () => {
    const services = shown('ntt-east', { number: LINE, numbers: line.numbers, unit: 'line' });
    expect(services).toEqual([
      '着信お知らせメール',
      'FAXお知らせメール',
      '故障・回復通知機能',
      '一括転送機能',
      'ボイスワープ',
    ]);
    expect(shown('ocn-east', { number: LINE, numbers: line.numbers, unit: 'line' })).toContain('転送電話');
  });

  it('A1 are not those of the whole line for an additional number alone', () => {
    expect(shown('ntt-east', { number: USER, numbers: [USER], unit: 'administrator-user' })).toEqual([
      '着信お知らせメール',
      'FAXお知らせメール',
      'ボイスワープ',
    ]);
  });
});
