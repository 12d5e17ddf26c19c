import { asRedisError, RedisError } from './redis-error.ts';

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

describe('asRedisError', () => {
  it.each([
    ['a time-out', new Error('Command timed out'), 'REDIS_UNAVAILABLE'],
    ['a closed connection', new Error('Connection is closed.'), 'REDIS_UNAVAILABLE'],
    ['loading', reply('LOADING Redis is loading the dataset in memory'), 'REDIS_UNAVAILABLE'],
    ['full', reply("OOM command not allowed when used memory > 'maxmemory'."), 'REDIS_REFUSES_WRITES'],
    [
      'full, found by a script before Redis 7',
      reply('ERR Error running script (call to f_1): @user_script:1: -OOM command not allowed'),
      'REDIS_REFUSES_WRITES',
    ],
    [
      'a full disk',
      reply('MISCONF Errors writing to the AOF file: No space left on device'),
      'REDIS_REFUSES_WRITES',
    ],
    ['too few replicas', reply('NOREPLICAS Not enough good replicas to write.'), 'REDIS_REFUSES_WRITES'],
    ['a replica', reply("READONLY You can't write against a read only replica."), 'REDIS_UNAVAILABLE'],
    ['a wrong type', reply('WRONGTYPE Operation against a key'), 'REDIS_REFUSED'],
    ['a wrong script', reply('ERR user_script:1: attempt to index a nil value'), 'REDIS_REFUSED'],
    ['not an error', 'odd', 'REDIS_UNAVAILABLE'],
  ])('%s', (_, thrown, code) => {
    const error = asRedisError(thrown, 'claiming');
    expect(error).toMatchObject({ code, retryable: code !== 'REDIS_REFUSED', cause: thrown });
    expect(error.message).toMatch(/^claiming: /);
  });

  it('names what Redis lacks', () => {
    const full = asRedisError(reply("OOM command not allowed when used memory > 'maxmemory'."), 'claiming');
    expect(full.message).toMatch(
      /^claiming: Redis is out of memory \(maxmemory\) and takes no writes \(OOM /,
    );
    expect(asRedisError(reply('MISCONF Redis is …'), 'x').message).toContain('cannot write to its disk');
  });

  it('leaves a RedisError as it is', () => {
    const ours = new RedisError('REDIS_BUSY', 'x');
    expect(asRedisError(ours, 'claiming')).toBe(ours);
  });
});
