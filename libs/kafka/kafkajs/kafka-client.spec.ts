import { createKafka } from './kafka-client.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe('createKafka', () => {
  it('takes a login by each mechanism', () => {
    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
      const sasl = { mechanism, username: 'u', password: 'p' };
      const connection = {
        brokers: ['127.0.0.1:1'],
        clientId: 'c',
        ssl: true,
        sasl,
        topicPrefix: '',
        log: silent,
      };
      expect(createKafka(connection, {}).admin()).toBeDefined();
    }
  });
});
