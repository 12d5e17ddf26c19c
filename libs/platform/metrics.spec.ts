import { readFileSync } from 'node:fs';
import { createRegistry } from './metrics.ts';
import { programVersion } from './program-version.ts';

describe('metrics', () => {
  it('say which program this is, and how the process does', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const text = await createRegistry({ app: 'settings', version: programVersion() }).metrics();
    expect(text).toContain(
      `notify_build_info{app="settings",version="${version}",node="${process.version}"} 1`,
    );
    expect(text).toContain('process_cpu_seconds_total');
  });
});
