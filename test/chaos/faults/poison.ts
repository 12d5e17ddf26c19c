import { DEAD_LETTER_TOPIC } from '#events';
import type { MoreFindings } from '../fault.ts';
import { READ_TOPICS } from '../kafka-view.ts';
import type { Scene } from '../scene.ts';

const TYPES = ['call.v1', 'fax.v1', 'fault.v1', 'access-mail.v1', 'no-such.v1'];

/** Publishes poison records to every topic that a notifier reads; each must become a dead letter. */
export async function publishPoison(scene: Scene): Promise<void> {
  const records = READ_TOPICS.flatMap((topic) =>
    TYPES.map((type, index) => {
      const id = `${scene.name}-poison-${topic}-${type}-${scene.poison.size}`;
      const headers = {
        ce_specversion: '1.0',
        ce_id: id,
        ce_source: '/chaos',
        ce_type: type,
        ce_time: new Date().toISOString(),
        'content-type': 'application/json',
      };
      const value = Buffer.from(index % 2 === 0 ? `{"lineNumber": "${id}` : `\0\xff ${id}`, 'latin1');
      return { topic, key: String(index), value, headers: index === 4 ? {} : headers };
    }),
  );
  for (const { value } of records) scene.poison.add(value.toString('base64'));
  await scene.publisher.publish(records);
}

/** Checks that each poison record is in the dead letters, byte for byte. */
export async function checkPoison(scene: Scene): Promise<MoreFindings> {
  const dead = await scene.kafka.read(DEAD_LETTER_TOPIC);
  const kept = new Set(dead.map(({ value }) => value?.toString('base64') ?? ''));
  const lost = [...scene.poison]
    .filter((value) => !kept.has(value))
    .map((value) => `not in the dead letters: ${Buffer.from(value, 'base64').toString('latin1')}`);
  return { lost, notes: [] };
}
