import { expectedBrokers } from './expected-brokers.ts';

describe('expectedBrokers', () => {
  const one = { named: ['kafka:9092'], alive: [1], replicas: [], offsetsReplication: 1 };

  it('is one where nothing tells of another', () => {
    expect(expectedBrokers(one)).toBe(1);
    expect(expectedBrokers({ ...one, offsetsReplication: undefined })).toBe(1);
    expect(expectedBrokers({ ...one, named: ['kafka:9092', 'kafka:9092'] })).toBe(1);
  });

  it('counts those that KAFKA_BROKERS names', () => {
    expect(expectedBrokers({ ...one, named: ['a:1', 'b:1'] })).toBe(2);
  });

  it('behind a bootstrap alias counts those that live or hold replicas of any topic', () => {
    expect(expectedBrokers({ ...one, alive: [1, 2] })).toBe(2);
    expect(expectedBrokers({ ...one, alive: [1, 2], replicas: [1, 2, 2, 3] })).toBe(3);
  });

  it('behind a bootstrap alias to a new cluster goes by how many its groups need', () => {
    expect(expectedBrokers({ ...one, alive: [1, 2], offsetsReplication: 3 })).toBe(3);
  });

  it('is never more than a topic has replicas', () => {
    expect(expectedBrokers({ ...one, named: ['a', 'b', 'c', 'd'], alive: [1, 2, 3, 4, 5] })).toBe(3);
  });
});
