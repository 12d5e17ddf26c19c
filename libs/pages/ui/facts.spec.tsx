import { render } from 'preact-render-to-string';
import { Facts } from './facts.tsx';

const valueOf = (value: string): string =>
  /<dd>(.*)<\/dd>/.exec(render(<Facts rows={[['転送先', value]]} />))?.[1] ?? '';

describe('Facts', () => {
  it('keeps each telephone number in one piece, and the words around it', () => {
    expect(valueOf('03-1234-5678 から 090-1234-5678 へ転送')).toBe(
      '<span class="nobr">03-1234-5678</span> から <span class="nobr">090-1234-5678</span> へ転送',
    );
  });

  it('leaves an address as it is', () => {
    expect(valueOf('hanako-1-a@example.jp（送信する）')).toBe('hanako-1-a@example.jp（送信する）');
  });
});
