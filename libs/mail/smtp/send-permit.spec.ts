import { createSendPermit, type SendPermit } from './send-permit.ts';

describe('the permit to send a message', () => {
  it('is requested once, however many connections the mail needs', async () => {
    let requests = 0;
    const permit = createSendPermit(
      async () => void (requests += 1),
      () => 0,
    );
    expect(permit.isRequested).toBe(false);
    await Promise.all([permit.request(), permit.request()]);
    await permit.renew();
    expect(permit.isRequested).toBe(true);
    expect(requests).toBe(1);
  });

  it('is requested again after the process was frozen or waited long for the server', async () => {
    let now = 0;
    const answers = [
      () => Promise.resolve(),
      async () => void (now += 60_000),
      () => Promise.reject(new Error('somebody else has it')),
    ];
    const permit = createSendPermit(
      () => answers.shift()!(),
      () => now,
    );
    await permit.request();
    now += 60_000;
    await expect(permit.renew()).rejects.toThrow('somebody else has it');
  });

  it('R4 is requested again after the envelope when it may be revoked in between', async () => {
    let isRevoked = false;
    let requests = 0;
    const beforeData = async (): Promise<'ask-again'> => {
      requests += 1;
      if (isRevoked) throw new Error('the recovery told it');
      return 'ask-again';
    };
    const permitOf = (): SendPermit => createSendPermit(beforeData, () => 0);
    const granted = permitOf();
    await granted.request();
    await granted.renew();
    expect(requests).toBe(2);
    await permitOf().renew();
    expect(requests).toBe(3);
    const revoked = permitOf();
    await revoked.request();
    isRevoked = true;
    await expect(revoked.renew()).rejects.toThrow('the recovery told it');
  });
});
