import { errorsOf, someNumber, startSettingsApi } from '../support/settings-api.ts';

const api = await startSettingsApi();

const EMPTY_CALL_NOTICE = {
  enabled: false,
  targetCallersOnly: false,
  unansweredOnly: false,
  recipients: [],
  targetCallers: [],
};
const CALL_NOTICE = {
  enabled: true,
  targetCallersOnly: true,
  unansweredOnly: true,
  recipients: [
    { address: 'taro@example.jp', enabled: true },
    { address: 'hanako@example.jp', enabled: false },
  ],
  targetCallers: [{ number: '09012345678', enabled: true }],
};
const FAX_NOTICE = { enabled: true, recipients: [{ address: 'fax@example.jp', enabled: true }] };
const EMPTY_FAULT_NOTICE = {
  enabled: false,
  recipients: [],
  contractorName: '',
  location: '',
  autoStartTransfer: false,
  autoStopTransfer: false,
};
const FAULT_NOTICE = {
  enabled: true,
  recipients: [{ address: 'it@example.jp', enabled: true }],
  contractorName: '電話\u3000商店',
  location: '本店\u00a01 階',
  autoStartTransfer: true,
  autoStopTransfer: false,
};

const EMPTY_VOICE_WARP = {
  enabled: false,
  condition: 'unconditional',
  destinations: [null, null, null, null],
  destination: 1,
  select: { mode: 'off', callers: [] },
};
const VOICE_WARP = {
  enabled: true,
  condition: 'no-answer-or-busy',
  ringSeconds: 20,
  destinations: [null, '09012345678', null, '0120444444'],
  destination: 2,
  select: { mode: 'ring-listed', callers: ['+14155550100', '0698765432'] },
};
const EMPTY_BULK_TRANSFER = { enabled: false, destinations: {} };

const recipients = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ address: `a${index}@example.jp`, enabled: true }));
const callers = (count: number) =>
  Array.from({ length: count }, (_, index) => `0901234${String(index).padStart(4, '0')}`);

/** A known line with one more number, and where their settings stand. */
async function knownLine(brand = 'ntt-east') {
  const lineNumber = someNumber();
  const number = someNumber();
  const path = `/v1/lines/${lineNumber}`;
  const answer = await api
    .ask('put', path)
    .send({ brand, numbers: [lineNumber, number], contractor: '電話\u3000商店' });
  expect(answer.status).toBe(201);
  return { lineNumber, number, path, version: answer.headers.etag ?? '', of: `/v1/numbers/${number}` };
}

describe('lines', () => {
  it('are created with 201, changed with 200, read back as written, and forgotten with 204', async () => {
    const lineNumber = someNumber();
    const path = `/v1/lines/${lineNumber}`;
    expect((await api.ask('get', path)).status).toBe(404);
    const document = { brand: 'ntt-east', numbers: [lineNumber], contractor: '電話\u3000商店' };
    const created = await api.ask('put', path).send(document);
    expect([created.status, created.body]).toEqual([201, document]);
    const changed = await api.ask('put', path).send({ ...document, contractor: '' });
    expect([changed.status, changed.body]).toEqual([200, { ...document, contractor: '' }]);
    expect(changed.headers.etag).not.toBe(created.headers.etag);
    const read = await api.ask('get', path);
    expect([read.status, read.body, read.headers.etag]).toEqual([200, changed.body, changed.headers.etag]);
    expect((await api.ask('delete', path)).status).toBe(204);
    for (const gone of [path, `${path}/fault-notice`, `/v1/numbers/${lineNumber}/call-notice`])
      expect((await api.ask('get', gone)).status).toBe(404);
    expect((await api.ask('delete', path)).status).toBe(404);
  });

  it('have their own number among their numbers, whether named or not', async () => {
    const [lineNumber, number] = [someNumber(), someNumber()];
    const answer = await api
      .ask('put', `/v1/lines/${lineNumber}`)
      .send({ brand: 'ntt-west', numbers: [number], contractor: 'x' });
    expect(answer.body).toEqual({ brand: 'ntt-west', numbers: [lineNumber, number], contractor: 'x' });
    expect((await api.ask('get', `/v1/numbers/${lineNumber}/call-notice`)).status).toBe(200);
    expect((await api.ask('get', `/v1/numbers/${number}/call-notice`)).status).toBe(200);
  });

  it('normalise their numbers: hyphens and full-width digits', async () => {
    const lineNumber = someNumber();
    const answer = await api
      .ask('put', `/v1/lines/${lineNumber.slice(0, 2)}-${lineNumber.slice(2, 6)}-${lineNumber.slice(6)}`)
      .send({ brand: 'ntt-east', numbers: ['０５０－１２３４－５６７８'], contractor: 'x' });
    expect(answer.status).toBe(201);
    expect((await api.ask('get', `/v1/lines/${lineNumber}`)).body).toMatchObject({
      numbers: [lineNumber, '05012345678'],
    });
  });

  it('refuse a number of another line with 409 and change nothing', async () => {
    const first = await knownLine();
    const second = await knownLine();
    const asked = { brand: 'ntt-east', numbers: [second.number, first.number], contractor: 'thief' };
    const answer = await api.ask('put', second.path).send(asked);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      errors: [
        { path: 'numbers.1', code: 'number-taken', message: `belongs to the line ${first.lineNumber}` },
      ],
    });
    expect((await api.ask('get', second.path)).body).toMatchObject({ contractor: '電話\u3000商店' });
    const asLine = await api.ask('put', `/v1/lines/${first.number}`).send({ ...asked, numbers: [] });
    expect([asLine.status, ...errorsOf(asLine)]).toEqual([409, 'lineNumber number-taken']);
  });

  it('A13 say which services are contracted, and are read back as they were written', async () => {
    const { lineNumber, number, path } = await knownLine();
    const document = {
      brand: 'ntt-east',
      numbers: [lineNumber, number],
      contractor: 'x',
      services: { [lineNumber]: ['call-notice', 'fault-notice'], [number]: [] },
    };
    const written = await api.ask('put', path).send(document);
    expect([written.status, written.body]).toEqual([200, document]);
    expect((await api.ask('get', path)).body).toEqual(document);
  });

  it('A13 refuse what is not contracted with 409, keep it, and give it back with the contract, but forward nothing by it', async () => {
    const { lineNumber, number, path, of } = await knownLine();
    const bulkTransfer = { enabled: true, destinations: { [number]: '0698765432' } };
    const parts: readonly (readonly [string, object])[] = [
      [`${of}/call-notice`, CALL_NOTICE],
      [`${of}/fax-notice`, FAX_NOTICE],
      [`${of}/voice-warp`, VOICE_WARP],
      [`${path}/fault-notice`, FAULT_NOTICE],
      [`${path}/bulk-transfer`, bulkTransfer],
    ];
    for (const [where, document] of parts) await api.ask('put', where).send(document).expect(200);
    const line = { brand: 'ntt-east', numbers: [lineNumber, number], contractor: 'x' };
    await api
      .ask('put', path)
      .send({ ...line, services: { [lineNumber]: [], [number]: [] } })
      .expect(200);
    const mail = { address: 'taro@example.jp' };
    for (const answer of [
      ...(await Promise.all(parts.map(([where]) => api.ask('get', where)))),
      ...(await Promise.all(parts.map(([where, document]) => api.ask('put', where).send(document)))),
      await api.ask('post', `${of}/test-mail`).send(mail),
    ])
      expect([answer.status, ...errorsOf(answer)]).toEqual([409, 'not-contracted']);
    expect((await api.ask('get', `${of}/screening`)).status).toBe(200);
    await api.ask('put', path).send(line).expect(200);
    for (const [where, document] of parts) {
      const isForwarding = /voice-warp|bulk-transfer/.test(where);
      const kept = isForwarding ? { ...document, enabled: false } : document;
      expect((await api.ask('get', where)).body).toEqual(kept);
    }
  });

  it('lose the settings of a number that leaves, so that nobody inherits addresses', async () => {
    const { lineNumber, number, path, of } = await knownLine();
    await api.ask('put', `${of}/call-notice`).send(CALL_NOTICE).expect(200);
    await api.ask('put', path).send({ brand: 'ntt-east', numbers: [], contractor: 'x' }).expect(200);
    expect((await api.ask('get', `${of}/call-notice`)).status).toBe(404);
    await api
      .ask('put', path)
      .send({ brand: 'ntt-east', numbers: [lineNumber, number], contractor: 'x' })
      .expect(200);
    expect((await api.ask('get', `${of}/call-notice`)).body).toEqual(EMPTY_CALL_NOTICE);
  });

  it('answer 412 to a write or a removal on an old version, and change nothing', async () => {
    const { path, version } = await knownLine();
    const document = { brand: 'ntt-east', numbers: [], contractor: 'new' };
    await api.ask('put', path).set('if-match', version).send(document).expect(200);
    for (const ifMatch of [version, '"other"', 'W/"x"', 'nonsense']) {
      const late = await api
        .ask('put', path)
        .set('if-match', ifMatch)
        .send({ ...document, contractor: 'late' });
      expect([late.status, ...errorsOf(late)]).toEqual([412, 'headers.if-match stale']);
      expect((await api.ask('delete', path).set('if-match', ifMatch)).status).toBe(412);
    }
    expect((await api.ask('get', path)).body).toMatchObject({ contractor: 'new' });
    await api
      .ask('put', path)
      .set('if-match', `"x", ${(await api.ask('get', path)).headers.etag}`)
      .send(document)
      .expect(200);
    await api.ask('delete', path).set('if-match', '*').expect(204);
  });

  it('answer 412 to a write or a removal on a version that If-None-Match names, and change nothing', async () => {
    const path = `/v1/lines/${someNumber()}`;
    const document = { brand: 'ntt-east', numbers: [], contractor: 'first' };
    const create = () => api.ask('put', path).set('if-none-match', '*').send(document);
    const version = String((await create().expect(201)).headers.etag);
    for (const ifNoneMatch of ['*', version, `W/${version}`, `"x", ${version}`, 'nonsense']) {
      for (const write of [
        api.ask('put', path).send({ ...document, contractor: 'second' }),
        api.ask('delete', path),
      ]) {
        const refused = await write.set('if-none-match', ifNoneMatch);
        expect([refused.status, ...errorsOf(refused)]).toEqual([412, 'headers.if-none-match stale']);
      }
      for (const [section, body] of [
        ['fault-notice', FAULT_NOTICE],
        ['fax-notice', FAX_NOTICE],
      ] as const) {
        const of = section === 'fault-notice' ? path : path.replace('lines', 'numbers');
        const tag = ifNoneMatch.replace(
          version,
          String((await api.ask('get', `${of}/${section}`)).headers.etag),
        );
        const refused = await api.ask('put', `${of}/${section}`).set('if-none-match', tag).send(body);
        expect([section, refused.status]).toEqual([section, 412]);
      }
    }
    expect((await api.ask('get', path)).headers.etag).toBe(version);
    const third = api.ask('put', path).set('if-none-match', '"x", W/"y"').set('if-match', version);
    await third.send({ ...document, contractor: 'third' }).expect(200);
    await api.ask('delete', path).set('if-none-match', '"x"').expect(204);
  });

  it('answer 412 to If-Match: * while they are not known', async () => {
    const document = { brand: 'ntt-east', numbers: [], contractor: 'x' };
    const answer = await api.ask('put', `/v1/lines/${someNumber()}`).set('if-match', '*').send(document);
    expect(answer.status).toBe(412);
  });

  it.each([
    ['brand brand-unknown', { brand: 'nobody' }],
    ['contractor required', { contractor: undefined }],
    ['contractor type', { contractor: 1 }],
    ['numbers.1 duplicate', { numbers: ['0501-2345678', '05012345678'] }],
    ['numbers.0 number-start', { numbers: ['+14155550100'] }],
    ['lineNumber unknown-field', { lineNumber: '0312345678' }],
  ])('answer 422: %s', async (error, wrong) => {
    const answer = await api
      .ask('put', `/v1/lines/${someNumber()}`)
      .send({ brand: 'ntt-east', numbers: [], contractor: 'x', ...wrong });
    expect([answer.status, ...errorsOf(answer)]).toEqual([422, error]);
  });
});

describe('sections of settings', () => {
  it('are all off and empty before anything was written', async () => {
    const { of, path } = await knownLine();
    for (const [where, document] of [
      [`${of}/call-notice`, EMPTY_CALL_NOTICE],
      [`${of}/fax-notice`, { enabled: false, recipients: [] }],
      [`${of}/screening`, { nuisanceCallers: [], numberRequest: false }],
      [`${of}/voice-warp`, EMPTY_VOICE_WARP],
      [`${path}/fault-notice`, EMPTY_FAULT_NOTICE],
      [`${path}/bulk-transfer`, EMPTY_BULK_TRANSFER],
    ] as const) {
      const answer = await api.ask('get', where);
      expect([answer.status, answer.body]).toEqual([200, document]);
      expect(answer.headers.etag).toMatch(/^"[\x21\x23-\x7e]+"$/);
    }
  });

  it.each([
    ['call-notice', CALL_NOTICE],
    ['fax-notice', FAX_NOTICE],
    ['screening', { nuisanceCallers: ['09012345678', '+14155550100'], numberRequest: true }],
    ['voice-warp', VOICE_WARP],
  ])('%s is read back as it was written, each with a version of its own', async (section, document) => {
    const { of } = await knownLine();
    const before = await api.ask('get', `${of}/${section}`);
    const written = await api
      .ask('put', `${of}/${section}`)
      .set('if-match', before.headers.etag ?? '')
      .send(document);
    expect([written.status, written.body]).toEqual([200, document]);
    const read = await api.ask('get', `${of}/${section}`);
    expect([read.body, read.headers.etag]).toEqual([document, written.headers.etag]);
    const late = await api
      .ask('put', `${of}/${section}`)
      .set('if-match', before.headers.etag ?? '')
      .send(document);
    expect([late.status, ...errorsOf(late)]).toEqual([412, 'headers.if-match stale']);
    // Only this section changed.
    for (const other of ['call-notice', 'fax-notice', 'screening', 'voice-warp'].filter(
      (name) => name !== section,
    )) {
      const answer = await api.ask('get', `${of}/${other}`);
      expect(answer.body).not.toMatchObject({ enabled: true });
      await api
        .ask('put', `${of}/${other}`)
        .set('if-match', answer.headers.etag ?? '')
        .send(answer.body as object)
        .expect(200);
    }
  });

  it('R1 the fault notice of a line is read back as it was written', async () => {
    const { path } = await knownLine();
    const written = await api.ask('put', `${path}/fault-notice`).send(FAULT_NOTICE);
    expect([written.status, written.body]).toEqual([200, FAULT_NOTICE]);
    expect((await api.ask('get', `${path}/fault-notice`)).body).toEqual(FAULT_NOTICE);
    const late = await api.ask('put', `${path}/fault-notice`).set('if-match', '"x"').send(FAULT_NOTICE);
    expect(late.status).toBe(412);
  });

  it('V2 the bulk transfer of a line is read back as it was written, and follows its numbers', async () => {
    const { lineNumber, number, path } = await knownLine();
    const to = '0698765432';
    const document = { enabled: true, destinations: { [lineNumber]: to, [number]: '09012345678' } };
    const written = await api.ask('put', `${path}/bulk-transfer`).send(document);
    expect([written.status, written.body]).toEqual([200, document]);
    const read = await api.ask('get', `${path}/bulk-transfer`);
    expect([read.body, read.headers.etag]).toEqual([document, written.headers.etag]);
    await api.ask('put', path).send({ brand: 'ntt-east', numbers: [], contractor: 'x' }).expect(200);
    const left = await api.ask('get', `${path}/bulk-transfer`);
    expect(left.body).toEqual({ enabled: true, destinations: { [lineNumber]: to } });
    const late = await api
      .ask('put', `${path}/bulk-transfer`)
      .set('if-match', read.headers.etag ?? '')
      .send(EMPTY_BULK_TRANSFER);
    expect([late.status, ...errorsOf(late)]).toEqual([412, 'headers.if-match stale']);
  });

  it('normalise the numbers of callers', async () => {
    const { of } = await knownLine();
    const targetCallers = [
      { number: '０９０－１２３４－５６７８', enabled: true },
      { number: '+1 415-555-0100', enabled: true },
    ];
    const notice = await api.ask('put', `${of}/call-notice`).send({ ...CALL_NOTICE, targetCallers });
    expect(notice.body).toMatchObject({
      targetCallers: [{ number: '09012345678' }, { number: '+14155550100' }],
    });
    await api
      .ask('put', `${of}/screening`)
      .send({ nuisanceCallers: ['+81-3-1234-5678'], numberRequest: false })
      .expect(200);
    expect((await api.ask('get', `${of}/screening`)).body).toMatchObject({ nuisanceCallers: ['0312345678'] });
  });

  it('answer 404 for a number or a line that is not known', async () => {
    const number = someNumber();
    for (const section of ['call-notice', 'fax-notice', 'screening', 'voice-warp']) {
      expect((await api.ask('get', `/v1/numbers/${number}/${section}`)).status).toBe(404);
      const put = await api.ask('put', `/v1/numbers/${number}/${section}`).send({});
      expect([put.status, ...errorsOf(put)]).toEqual([404, 'unknown-number']);
    }
    for (const section of ['fault-notice', 'bulk-transfer']) {
      expect((await api.ask('get', `/v1/lines/${number}/${section}`)).status).toBe(404);
      const put = await api.ask('put', `/v1/lines/${number}/${section}`).send({});
      expect([put.status, ...errorsOf(put)]).toEqual([404, 'unknown-line']);
    }
  });

  it('belong to a line, not to an additional number: fault notice, bulk transfer', async () => {
    const { number } = await knownLine();
    expect((await api.ask('get', `/v1/lines/${number}/fault-notice`)).status).toBe(404);
    expect((await api.ask('get', `/v1/lines/${number}/bulk-transfer`)).status).toBe(404);
  });

  it.each([
    ['C3', 'recipients recipient-required', 'call-notice', { ...CALL_NOTICE, recipients: [] }],
    ['C3', 'recipients recipient-required', 'fax-notice', { enabled: true, recipients: [] }],
    ['C2', 'recipients too-many', 'call-notice', { ...CALL_NOTICE, recipients: recipients(6) }],
    [
      'C4',
      'targetCallers too-many',
      'call-notice',
      { ...CALL_NOTICE, targetCallers: callers(31).map((number) => ({ number, enabled: true })) },
    ],
    ['C8', 'nuisanceCallers too-many', 'screening', { nuisanceCallers: callers(31), numberRequest: false }],
    [
      'C8',
      'nuisanceCallers.1 duplicate',
      'screening',
      { nuisanceCallers: ['0312345678', '03-1234-5678'], numberRequest: false },
    ],
    [
      'C13',
      'recipients.0.address local-two-dots',
      'fax-notice',
      { enabled: true, recipients: [{ address: 'a..b@example.jp', enabled: true }] },
    ],
    [
      'C13',
      'recipients.0.address address-no-at',
      'fax-notice',
      { enabled: true, recipients: [{ address: 'example.jp', enabled: true }] },
    ],
    [
      'C2',
      'recipients.1.address duplicate',
      'fax-notice',
      { enabled: true, recipients: [...recipients(1), { address: 'a0@EXAMPLE.jp', enabled: false }] },
    ],
    [
      'C2',
      'recipients.0.enabled required',
      'fax-notice',
      { enabled: true, recipients: [{ address: 'a@example.jp' }] },
    ],
    ['C5', 'unansweredOnly type', 'call-notice', { ...CALL_NOTICE, unansweredOnly: 'yes' }],
    ['C1', 'more unknown-field', 'call-notice', { ...CALL_NOTICE, more: 1 }],
    ['C7', 'numberRequest required', 'screening', { nuisanceCallers: [] }],
    ['V3', 'destinations.0 destination-required', 'voice-warp', { ...EMPTY_VOICE_WARP, enabled: true }],
    ['V3', 'ringSeconds too-big', 'voice-warp', { ...VOICE_WARP, ringSeconds: 61 }],
    ['V3', 'destinations too-small', 'voice-warp', { ...VOICE_WARP, destinations: [] }],
    [
      'V3',
      'select.callers too-many',
      'voice-warp',
      { ...VOICE_WARP, select: { mode: 'off', callers: callers(31) } },
    ],
  ])('%s answer 422: %s', async (_, error, section, document) => {
    const { of } = await knownLine();
    const before = (await api.ask('get', `${of}/${section}`)).body as object;
    const answer = await api.ask('put', `${of}/${section}`).send(document);
    expect([answer.status, ...errorsOf(answer)]).toEqual([422, error]);
    expect((await api.ask('get', `${of}/${section}`)).body).toEqual(before);
  });

  it('V2 answer 422 to a bulk transfer that is started without a destination, or forwards to the line', async () => {
    const { lineNumber, number, path } = await knownLine();
    for (const [destinations, error] of [
      [{}, 'destinations destination-required'],
      [{ [number]: lineNumber }, `destinations.${number} own-line`],
      [{ '0600000000': '0698765432' }, 'destinations.0600000000 number-unknown'],
    ] as const) {
      const answer = await api.ask('put', `${path}/bulk-transfer`).send({ enabled: true, destinations });
      expect([answer.status, ...errorsOf(answer)]).toEqual([422, error]);
    }
  });

  it('R1 answer 422 to a fault notice that is started without a recipient (C3)', async () => {
    const { path } = await knownLine();
    const answer = await api.ask('put', `${path}/fault-notice`).send({ ...FAULT_NOTICE, recipients: [] });
    expect([answer.status, ...errorsOf(answer)]).toEqual([422, 'recipients recipient-required']);
  });

  it('take as many as the limits allow', async () => {
    const { of } = await knownLine();
    const targetCallers = callers(30).map((number) => ({ number, enabled: true }));
    await api
      .ask('put', `${of}/call-notice`)
      .send({ ...CALL_NOTICE, recipients: recipients(5), targetCallers })
      .expect(200);
    const screening = await api
      .ask('put', `${of}/screening`)
      .send({ nuisanceCallers: callers(30), numberRequest: true });
    expect(screening.status).toBe(200);
  });
});
