import { EventEmitter, once } from 'node:events';
import { createLogger } from './logger.ts';
import { endInOrder } from './run-app.ts';

function start(close: () => Promise<void>, timeoutMs?: number) {
  const source = new EventEmitter();
  const ended = new EventEmitter();
  const lines: string[] = [];
  endInOrder(close, {
    logger: createLogger({
      app: 'a',
      level: 'info',
      destination: { write: (line) => void lines.push(line) },
    }),
    source,
    exit: (code) => void ended.emit('exit', code),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return { source, code: once(ended, 'exit').then(([code]) => code as number), lines };
}

describe('the end of a process', () => {
  it.each(['SIGTERM', 'SIGINT'])('%s closes the app once and ends with 0', async (signal) => {
    let closed = 0;
    const app = start(() => Promise.resolve(void closed++));
    app.source.emit(signal, signal);
    app.source.emit('SIGINT', 'SIGINT');
    expect(await app.code).toBe(0);
    expect(closed).toBe(1);
  });

  it('ends with 1 when closing takes too long', async () => {
    const app = start(() => new Promise(() => {}), 5);
    app.source.emit('SIGTERM', 'SIGTERM');
    expect(await app.code).toBe(1);
  });

  it('ends with 1 when closing fails', async () => {
    const app = start(() => Promise.reject(new Error('broken')));
    app.source.emit('SIGTERM', 'SIGTERM');
    expect(await app.code).toBe(1);
    expect(app.lines.join()).toContain('broken');
  });

  it.each(['unhandledRejection', 'uncaughtException'])('%s is fatal: logged, ended with 1', async (event) => {
    const app = start(() => Promise.resolve());
    app.source.emit(event, new Error('nobody wanted me'));
    expect(await app.code).toBe(1);
    expect(JSON.parse(app.lines[0] ?? '')).toMatchObject({
      level: 'fatal',
      err: { message: 'nobody wanted me' },
    });
  });
});
