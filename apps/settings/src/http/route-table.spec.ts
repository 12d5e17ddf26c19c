import { routeTable } from './route-table.ts';

const find = routeTable({
  '/v1/lines/{lineNumber}': { get: {}, put: { requestBody: {} }, delete: {} },
  '/v1/lines/{lineNumber}/fault-notice': { get: {}, put: {} },
  '/v1/access-mails': { post: { requestBody: {} } },
  '/v1/numbers/{number}/access/end-sessions': { post: {} },
});

describe('the table of routes', () => {
  it('knows the methods of a path', () => {
    expect(find('/v1/lines/0312345678')).toEqual({
      template: '/v1/lines/{lineNumber}',
      methods: ['GET', 'PUT', 'DELETE', 'HEAD'],
      documents: ['PUT'],
    });
    expect(find('/v1/access-mails')?.methods).toEqual(['POST']);
    expect(find('/v1/lines/03-1234-5678/fault-notice')?.template).toBe('/v1/lines/{lineNumber}/fault-notice');
  });

  it('knows which methods take a document', () => {
    expect(find('/v1/access-mails')?.documents).toEqual(['POST']);
    expect(find('/v1/numbers/0312345678/access/end-sessions')?.documents).toEqual([]);
  });

  it.each([
    '/',
    '/v1',
    '/v1/lines',
    '/v1/lines/',
    '/v1/lines/1/',
    '/V1/lines/1',
    '/v1/lines/%zz',
    '/v1/access-mails/1',
  ])('knows nothing at %s', (path) => expect(find(path)).toBeUndefined());
});
