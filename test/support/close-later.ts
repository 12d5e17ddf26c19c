type Close = () => unknown;

const open: Close[] = [];

/** Calls `close` after the file's tests, in reverse order of registration. A failure to close fails the file. */
export function closeLater(close: Close): void {
  open.push(close);
}

afterAll(async () => {
  const failures: unknown[] = [];
  for (let close = open.pop(); close !== undefined; close = open.pop()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed');
});
