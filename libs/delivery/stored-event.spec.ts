import { readFileSync } from 'node:fs';
import { readStoredEvent } from './stored-event.ts';

const stored = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../test/stored/${path}.json`, import.meta.url), 'utf8')) as unknown;

describe('a stored decision', () => {
  it('0.1.0/event is read as it is', () => {
    expect(readStoredEvent(stored('0.1.0/event'))).toEqual(stored('0.1.0/event'));
  });

  it('earlier/event has what it lacks by default', () => {
    const event = stored('earlier/event') as object;
    expect(readStoredEvent(event)).toEqual({ ...event, lineNumber: null, reason: 'notify' });
  });

  it.each(['source', 'id', 'kind', 'number', 'brand', 'at', 'deadline', 'recipients'])(
    'is none without %s',
    (field) => {
      expect(readStoredEvent({ ...(stored('0.1.0/event') as object), [field]: undefined })).toBeUndefined();
    },
  );
});
