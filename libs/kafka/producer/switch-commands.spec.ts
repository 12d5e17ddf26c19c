import type { OutgoingRecord } from './outgoing-record.ts';
import { createSwitchCommands } from './switch-commands.ts';

describe('createSwitchCommands', () => {
  it('R3 publishes the command to the line’s key, with the id it was given', async () => {
    const sent: OutgoingRecord[] = [];
    const commands = createSwitchCommands(
      { publish: async (records) => void sent.push(...records) },
      '/denwa-notify',
    );
    const at = Date.parse('2026-11-21T10:00:00+09:00');
    await commands.bulkTransfer({
      id: 'flt-77-start',
      lineNumber: '0312345678',
      action: 'start',
      because: 'flt-77',
      at,
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ topic: 'switch-commands', key: '0312345678' });
    expect(sent[0]!.headers).toMatchObject({
      ce_id: 'flt-77-start',
      ce_type: 'bulk-transfer.v1',
      ce_source: '/denwa-notify',
    });
    const data = JSON.parse(String(sent[0]!.value)) as { at: string };
    expect(data).toMatchObject({ lineNumber: '0312345678', action: 'start', because: 'flt-77' });
    expect(Date.parse(data.at)).toBe(at);
  });
});
