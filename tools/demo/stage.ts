import { encodeEvent, japanTimeToTheSecond, type EventData, type EventType } from '#events';
import type { FaxDocuments } from '#fax-documents';
import type { Publisher } from '#kafka';
import { putFaxPages } from '../../apps/switch/src/fax-pages.ts';
import { DEMO_TOKEN } from './demo-environment.ts';

/** What a scene can do: publish an event as the switch would, or call the settings API. */
export interface Stage {
  /** The time now, or `seconds` later, as events write it. */
  now(seconds?: number): string;
  /** Resolves with the event's id. */
  publish<T extends EventType>(type: T, key: string, data: EventData<T>): Promise<string>;
  /** Resolves with the id of the event that the API publishes. */
  post(path: string, body: object): Promise<string>;
}

/** Creates a stage on the demo's servers; the pages of FAXes go into `documents`. */
export function createStage(publisher: Publisher, api: string, documents: FaxDocuments): Stage {
  let count = 0;
  return {
    now: (seconds = 0) => japanTimeToTheSecond(Date.now() + seconds * 1000),
    async publish(type, key, data) {
      const id = `demo-${++count}`;
      const events = [encodeEvent({ type, source: 'demo-switch', id, time: Date.now(), key, data })];
      await putFaxPages(documents, events);
      await publisher.publish(events);
      return id;
    },
    post: async (path, body) => ((await callApi(api, 'POST', path, body)) as { eventId: string }).eventId,
  };
}

/** Calls the settings API and resolves with its JSON answer, if any. Rejects when the status is not 2xx. */
export async function callApi(
  api: string,
  method: 'PUT' | 'POST',
  path: string,
  body: object,
): Promise<unknown> {
  const answer = await fetch(`${api}${path}`, {
    method,
    headers: { authorization: `Bearer ${DEMO_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok)
    throw new Error(
      `The settings API answered ${answer.status} to ${method} ${path}: ${await answer.text()}`,
    );
  return answer.status === 204 ? undefined : answer.json();
}
