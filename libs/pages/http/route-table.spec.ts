import { routeTable } from './route-table.ts';

const routes = routeTable<string>([
  { path: '/', methods: ['GET'], who: 'open' },
  { path: '/numbers/:number/call-notice', methods: ['GET', 'POST'], who: 'in' },
  { path: '/logout', methods: ['POST'], who: 'open' },
]);

describe('the table of routes', () => {
  it.each([
    ['/', '/'],
    ['/numbers/0312345678/call-notice', '/numbers/:number/call-notice'],
    ['/numbers/%E3%81%82/call-notice', '/numbers/:number/call-notice'],
    ['/logout', '/logout'],
    ['/logout/', undefined],
    ['/Logout', undefined],
    ['//', undefined],
    ['', undefined],
    ['/numbers//call-notice', undefined],
    ['/numbers/%zz/call-notice', undefined],
    ['/numbers/0312345678/call-notice/x', undefined],
  ])('finds %s: %s', (path, template) => expect(routes(path)?.template).toBe(template));

  it('answers HEAD wherever it answers GET', () => {
    expect(routes('/numbers/1/call-notice')?.methods).toEqual(['GET', 'HEAD', 'POST']);
    expect(routes('/logout')?.methods).toEqual(['POST']);
  });
});
