import { setImmediate as turn } from 'node:timers/promises';
import { Connections } from './connections.ts';
import { SmtpError } from './smtp-error.ts';

describe('a probe', () => {
  it('counts neither as a connection nor as one that a mail may wait for, however long it takes', () => {
    const connections = new Connections(1, 1);
    connections.connecting(true);
    for (const later of [0, 1_000]) {
      connections.checkWaits(performance.now() + later);
      expect(connections.isFull(1)).toBe(false);
      expect(connections.isAbove(0)).toBe(false);
      expect(connections.expectedSoon).toBe(0);
    }
    expect(connections.total).toBe(1);
  });

  it('leaves the allowance for slow connections alone', () => {
    const connections = new Connections(1, 1);
    for (let probe = 0; probe < 3; probe += 1) connections.connecting(true);
    connections.connecting(false);
    connections.checkWaits(performance.now() + 1_000);
    connections.connecting(false);
    expect(connections.isFull(2)).toBe(false);
    connections.connecting(false);
    expect(connections.isFull(2)).toBe(true);
  });

  it('is awaited on close', async () => {
    const connections = new Connections(1, 1);
    const attempt = connections.connecting(true);
    let isClosed = false;
    const closing = connections
      .close(0, new SmtpError('SMTP_SENDER_CLOSED', 'Closed'))
      .then(() => (isClosed = true));
    await turn();
    expect(isClosed).toBe(false);
    connections.connectFailed(attempt);
    await closing;
  });
});
