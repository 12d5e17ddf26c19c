import { asRedisError, RedisError } from './redis-error.ts';

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

describe('any error of Redis as ours', () => {
  it.each([
    ['a time-out', new Error('Command timed out'), 'REDIS_UNAVAILABLE'],
    ['a closed connection', new Error('Connection is closed.'), 'REDIS_UNAVAILABLE'],
    ['loading', reply('LOADING Redis is loading the dataset in memory'), 'REDIS_UNAVAILABLE'],
    ['full', reply("OOM command not allowed when used memory > 'maxmemory'."), 'REDIS_UNAVAILABLE'],
    ['a replica', reply("READONLY You can't write against a read only replica."), 'REDIS_UNAVAILABLE'],
    ['a wrong type', reply('WRONGTYPE Operation against a key'), 'REDIS_REFUSED'],
    ['a wrong script', reply('ERR user_script:1: attempt to index a nil value'), 'REDIS_REFUSED'],
    ['not an error', 'odd', 'REDIS_UNAVAILABLE'],
  ])('%s', (_, thrown, code) => {
    const error = asRedisError(thrown, 'claiming');
    expect(error).toMatchObject({ code, retryable: code === 'REDIS_UNAVAILABLE', cause: thrown });
    expect(error.message).toMatch(/^claiming: /);
  });

  it('leaves ours as it is', () => {
    const ours = new RedisError('REDIS_BUSY', 'x');
    expect(asRedisError(ours, 'claiming')).toBe(ours);
  });
});
