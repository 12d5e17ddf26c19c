import { randomInt } from 'node:crypto';
import { Redis } from 'ioredis';
import { ConfigResourceTypes } from 'kafkajs';
import nodemailer from 'nodemailer';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { mailsTo } from '../support/inbox.ts';
import { collectRecords, createTopics, testAdmin, testProducer } from '../support/kafka.ts';
import { redisUrl, smtpUrl } from '../support/servers.ts';
import { uniqueName } from '../support/unique-name.ts';

describe('the servers that tests run on', () => {
  it('Kafka keeps a record with its key and headers', async () => {
    const topic = uniqueName('servers');
    await createTopics([topic]);
    const producer = await testProducer();
    await producer.send({ topic, messages: [{ key: 'k', value: 'v', headers: { ce_id: '1' } }] });
    const records = await collectRecords([topic]);
    const first = await eventually(() => records[0]);
    expect(first).toMatchObject({ topic, key: 'k', value: 'v', headers: { ce_id: '1' } });
  });

  it('Kafka creates no topic that nobody asked for', async () => {
    const admin = await testAdmin();
    const { brokers } = await admin.describeCluster();
    const name = String(brokers[0]?.nodeId);
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.BROKER, name, configNames: ['auto.create.topics.enable'] }],
    });
    expect(resources[0]?.configEntries[0]).toMatchObject({ configValue: 'false' });
  });

  it('Redis writes its log to disk and evicts nothing', async () => {
    const redis = new Redis(redisUrl());
    closeLater(() => redis.quit());
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  });

  it('the inbox shows a mail by its recipient, as it came', async () => {
    const to = `${uniqueName('mail')}@example.jp`;
    const subject = `${randomInt(1000)} 着信通知`;
    const transport = nodemailer.createTransport(smtpUrl());
    closeLater(() => transport.close());
    await transport.sendMail({ from: 'a@example.jp', to, subject, text: 'x' });
    const mails = await eventually(async () => {
      const found = await mailsTo(to);
      return found.length > 0 && found;
    });
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ subject });
    expect(mails[0]!.raw.toString()).toContain(`To: ${to}`);
    expect(await mailsTo(`${uniqueName('other')}@example.jp`)).toEqual([]);
  });
});
