import kafkajs from 'kafkajs';
import { classifyError, classifyWanting, KafkaError } from './kafka-error.ts';

const protocolError = (type: string, retriable: boolean): Error =>
  Object.assign(new kafkajs.KafkaJSProtocolError(new Error(type)), { type, retriable });

const gaveUp = (cause: Error): Error =>
  new kafkajs.KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 0, retryTime: 0 });

describe('classifyError', () => {
  it.each([
    ['MESSAGE_TOO_LARGE', 'too-large', false],
    ['RECORD_LIST_TOO_LARGE', 'too-large', false],
    ['TOPIC_AUTHORIZATION_FAILED', 'not-authorized', false],
    ['INVALID_TOPIC_EXCEPTION', 'kafka', false],
    ['NOT_LEADER_FOR_PARTITION', 'kafka', true],
    ['NOT_ENOUGH_REPLICAS', 'kafka', true],
    ['BROKER_NOT_AVAILABLE', 'kafka', true],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'kafka', true],
  ])('%s is %s, retryable: %s', (type, code, retryable) => {
    const error = gaveUp(protocolError(type, false));
    expect(classifyError(error)).toMatchObject({ code, retryable, cause: error, message: `Kafka: ${type}` });
  });

  it('names the clocks when Kafka refuses the time of a record, which is ours and may be put right', () => {
    expect(classifyError(gaveUp(protocolError('INVALID_TIMESTAMP', false)))).toMatchObject({
      retryable: true,
      message: expect.stringMatching(/^Kafka: INVALID_TIMESTAMP, expected a clock here /),
    });
  });

  it('knows why topics could not be created', () => {
    const error = Object.assign(new Error('Topic creation errors'), {
      errors: [protocolError('TOPIC_AUTHORIZATION_FAILED', false)],
    });
    expect(classifyError(error)).toMatchObject({ code: 'not-authorized', retryable: false });
  });

  it('names the right that is missing, and nothing else', () => {
    const refused = gaveUp(protocolError('GROUP_AUTHORIZATION_FAILED', false));
    const message = 'Kafka: GROUP_AUTHORIZATION_FAILED, expected a user who may Read x';
    expect(classifyWanting('Read x', refused)).toMatchObject({ message, code: 'not-authorized' });
    expect(classifyWanting('Read x', new Error('other')).message).toBe('Kafka: other');
  });

  it('tells a certificate that is not trusted, and a login that only its connection has ended, from a refusal', () => {
    const expired = Object.assign(
      new kafkajs.KafkaJSConnectionError('Connection error: certificate has expired'),
      {
        code: 'CERT_HAS_EXPIRED',
        broker: 'kafka-1:9093',
      },
    );
    expect(classifyError(gaveUp(expired))).toMatchObject({
      retryable: true,
      message: expect.stringMatching(
        /^Kafka at kafka-1:9093: TLS failed \(expected .*: certificate has expired$/,
      ),
    });
    const cut = Object.assign(new Error('SASL PLAIN authentication failed: Closed connection'), {
      name: 'KafkaJSSASLAuthenticationError',
    });
    expect(classifyError(gaveUp(cut))).toMatchObject({ code: 'kafka', retryable: true });
  });

  it('takes a lost connection for one that comes back', () => {
    expect(classifyError(gaveUp(new kafkajs.KafkaJSConnectionError('refused')))).toMatchObject({
      retryable: true,
    });
  });

  it('does not try again with credentials that Kafka refuses', () => {
    const refused = Object.assign(new Error('Authentication failed'), {
      name: 'KafkaJSSASLAuthenticationError',
    });
    expect(classifyError(gaveUp(refused))).toMatchObject({ code: 'not-authorized', retryable: false });
  });

  it('does not try again what a bug of ours made, however it is wrapped', () => {
    const bug = new TypeError('x is not a function');
    expect(classifyError(gaveUp(bug))).toMatchObject({ code: 'kafka', retryable: false });
    expect(classifyError(bug)).toMatchObject({ retryable: false });
  });

  it('never throws, whatever was thrown', () => {
    const own = new KafkaError('closed', 'x', { retryable: false });
    expect(classifyError(own)).toBe(own);
    for (const thrown of [undefined, null, 'text', 7, {}, { type: 7 }]) {
      expect(classifyError(thrown)).toMatchObject({ code: 'kafka', retryable: true });
    }
  });
});
