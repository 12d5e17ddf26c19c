import fc from 'fast-check';
import { errorsOf, someNumber, startSettingsApi } from '../support/settings-api.ts';

const api = await startSettingsApi();

const lineNumber = someNumber();
const WRITABLE = [
  `/v1/lines/${lineNumber}`,
  `/v1/lines/${lineNumber}/fault-notice`,
  `/v1/numbers/${lineNumber}/call-notice`,
  `/v1/numbers/${lineNumber}/fax-notice`,
  `/v1/numbers/${lineNumber}/screening`,
  `/v1/numbers/${lineNumber}/voice-warp`,
  `/v1/lines/${lineNumber}/bulk-transfer`,
];
beforeAll(async () => {
  await api
    .ask('put', `/v1/lines/${lineNumber}`)
    .send({ brand: 'ntt-east', numbers: [], contractor: 'x' })
    .expect(201);
});

describe('writers at the same time', () => {
  it.each([
    [
      'call-notice',
      (name: string) => ({
        enabled: true,
        targetCallersOnly: false,
        unansweredOnly: false,
        recipients: [{ address: `${name}@example.jp`, enabled: true }],
        targetCallers: [],
      }),
    ],
    [
      'fax-notice',
      (name: string) => ({ enabled: true, recipients: [{ address: `${name}@example.jp`, enabled: true }] }),
    ],
  ])('of one version of a %s: exactly one wins, and it is what is read', async (section, document) => {
    const path = `/v1/numbers/${lineNumber}/${section}`;
    for (let round = 0; round < 5; round++) {
      const version = (await api.ask('get', path)).headers.etag ?? '';
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          api
            .ask('put', path)
            .set('if-match', version)
            .send(document(`w${round}-${index}`)),
        ),
      );
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(9);
      const read = await api.ask('get', path);
      expect([read.body, read.headers.etag]).toEqual([won[0]?.body, won[0]?.headers.etag]);
    }
  });

  it('of two lines that want the same number: exactly one gets it', async () => {
    for (let round = 0; round < 5; round++) {
      const number = someNumber();
      const answers = await Promise.all(
        Array.from({ length: 6 }, () =>
          api
            .ask('put', `/v1/lines/${someNumber()}`)
            .send({ brand: 'ntt-east', numbers: [number], contractor: 'x' }),
        ),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 409).map((answer) => errorsOf(answer)[0])).toEqual(
        Array(5).fill('numbers.0 number-taken'),
      );
    }
  });

  it('of different sections do not disturb each other, version or not', async () => {
    const answers = await Promise.all([
      api
        .ask('put', `/v1/numbers/${lineNumber}/screening`)
        .send({ nuisanceCallers: ['0398765432'], numberRequest: true }),
      api.ask('put', `/v1/numbers/${lineNumber}/fax-notice`).send({ enabled: false, recipients: [] }),
      api.ask('put', `/v1/lines/${lineNumber}`).send({ brand: 'ntt-east', numbers: [], contractor: 'y' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await api.ask('get', `/v1/numbers/${lineNumber}/screening`)).body).toEqual({
      nuisanceCallers: ['0398765432'],
      numberRequest: true,
    });
    expect((await api.ask('get', `/v1/numbers/${lineNumber}/fax-notice`)).body).toEqual({
      enabled: false,
      recipients: [],
    });
  });
});

describe('whatever is sent', () => {
  const KEYS = [
    'enabled',
    'recipients',
    'address',
    'targetCallers',
    'number',
    'numbers',
    'brand',
    'contractor',
    'nuisanceCallers',
    'services',
    'destinations',
    'select',
    '__proto__',
    'constructor',
    'toString',
  ];
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 2 }),
      fc.string({ unit: 'binary' }),
      fc.array(tie('any'), { maxLength: 6 }),
      fc
        .array(fc.tuple(fc.constantFrom(...KEYS), tie('any')), { maxLength: 6 })
        .map((entries) => Object.fromEntries(entries)),
    ),
  })).any;

  it('is never answered with 500, and problems name what is wrong', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...WRITABLE, '/v1/access-mails'), value, async (path, body) => {
        const text = JSON.stringify(body);
        const answer = await api
          .ask(path === '/v1/access-mails' ? 'post' : 'put', path)
          .type('json')
          .send(text);
        expect([200, 422]).toContain(answer.status);
        if (answer.status === 200) return;
        expect(errorsOf(answer)).not.toHaveLength(0);
        expect(errorsOf(answer).join()).not.toContain('undefined');
      }),
      { numRuns: 200 },
    );
  });

  it('in the form of a document with one thing wrong is never answered with 500', async () => {
    const documents: Record<string, object> = {
      [`/v1/lines/${lineNumber}`]: {
        brand: 'ntt-east',
        numbers: ['0398765432'],
        contractor: 'x',
        services: { [lineNumber]: ['call-notice', 'fault-notice', 'bulk-transfer', 'voice-warp'] },
      },
      [`/v1/lines/${lineNumber}/bulk-transfer`]: {
        enabled: true,
        destinations: { [lineNumber]: '0698765432' },
      },
      [`/v1/numbers/${lineNumber}/voice-warp`]: {
        enabled: true,
        condition: 'no-answer',
        ringSeconds: 20,
        destinations: ['0698765432', null, null, null],
        destination: 1,
        select: { mode: 'off', callers: [] },
      },
      [`/v1/numbers/${lineNumber}/call-notice`]: {
        enabled: true,
        targetCallersOnly: false,
        unansweredOnly: false,
        recipients: [{ address: 'a@example.jp', enabled: true }],
        targetCallers: [{ number: '0398765432', enabled: true }],
      },
      [`/v1/numbers/${lineNumber}/screening`]: { nuisanceCallers: ['0398765432'], numberRequest: true },
    };
    const place = fc.constantFrom(
      ...Object.entries(documents).flatMap(([path, document]) =>
        Object.keys(document).map((key) => ({ path, key })),
      ),
    );
    await fc.assert(
      fc.asyncProperty(place, value, async ({ path, key }, wrong) => {
        const answer = await api.ask('put', path).send({ ...documents[path], [key]: wrong });
        expect([200, 422]).toContain(answer.status);
        const errors = answer.status === 422 ? errorsOf(answer) : [];
        expect(errors.filter((error) => !error.startsWith(key) && !error.startsWith('recipients'))).toEqual(
          [],
        );
      }),
      { numRuns: 200 },
    );
  });

  it('as bytes is never answered with 500', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const asked = api.ask('put', `/v1/lines/${lineNumber}`).type('json');
        if (bytes.length > 0) asked.write(Buffer.from(bytes));
        expect([400, 422]).toContain((await asked).status);
      }),
      { numRuns: 100 },
    );
  });

  it('nested as deeply as 64 KiB allow is never answered with 500', async () => {
    for (const text of [
      '['.repeat(32_768) + ']'.repeat(32_768),
      `{"numbers":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
    ]) {
      const answer = await api.ask('put', `/v1/lines/${lineNumber}`).type('json').send(text);
      expect(answer.status).toBe(422);
    }
  });
});
