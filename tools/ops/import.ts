import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { BRANDS_DIR, loadBrands } from '#mail';
import { createActionLog } from '#operations';
import { checkDurability, createActionOutbox, createSettingsRepository, type RedisConnection } from '#redis';
import {
  checkImport,
  ImportDisturbed,
  readImportFile,
  writeImport,
  type CheckedImport,
  type SettingsRepository,
} from '#settings';
import { operator } from './operator.ts';
import { OpsError } from './ops-error.ts';
import { environmentWith, withRedis } from './servers.ts';
import { counted, visible } from './text.ts';

/** More problems than this help nobody at once. */
const PROBLEMS_SHOWN = 100;

/** `ops import`: settings kept from earlier years, addresses of those years included (C13). */
export function addImport(ops: Command): void {
  ops
    .command('import')
    .summary('write the settings of a file of JSON lines, if all of them are right')
    .description(
      'Write the settings of a file of JSON lines, if all of them are right. Each line is one document: a line’s ' +
        '{"lineNumber","brand","numbers","contractor","services","faultNotice","bulkTransfer"} or a number’s ' +
        '{"number","callNotice","faxNotice","screening","voiceWarp"}, as the settings API has them; a part that is ' +
        'left out stays as it is. Addresses that would not be accepted anew may come in here (C13). Repeating an ' +
        'import is harmless.',
    )
    .argument('<file>', 'JSON lines in UTF-8')
    .action(importFile);
}

async function importFile(path: string): Promise<void> {
  const environment = environmentWith(['REDIS_URL']);
  const brands = loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR);
  const file = readImportFile(await read(path));
  await withRedis(environment, async (redis) => {
    const repository = createSettingsRepository(redis, await checkDurability(redis));
    try {
      const checked = await checkImport(file, { repository, brands });
      if (checked.problems.length > 0) throw refused(path, checked.problems);
      await carryOut(redis, path, () => write(repository, checked));
      console.log(
        `${counted(checked.lines.length, 'line')}, ${counted(checked.faultNotices.length, 'fault notice')}`,
      );
      console.log(
        `${counted(checked.bulkTransfers.length, 'bulk transfer')}, ${counted(checked.numbers.length, 'number')}`,
      );
    } finally {
      await repository.close();
    }
  });
}

/** Records who imported what; a settings API publishes it (ADR 0033). */
async function carryOut(redis: RedisConnection, path: string, work: () => Promise<void>): Promise<void> {
  const log = createActionLog({ outbox: createActionOutbox(redis), now: Date.now });
  await log.carryOut({ ...operator(), action: 'import', subject: basename(path) }, work, (error) =>
    error instanceof OpsError ? error.code : undefined,
  );
}

async function read(path: string): Promise<string> {
  // npm starts its scripts in the project's folder and says where the operator stood.
  const file = resolve(process.env['INIT_CWD'] ?? '.', path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OpsError('unreadable', `${path}: expected a file of JSON lines in UTF-8 (${why})`, error);
  }
}

function refused(path: string, problems: CheckedImport['problems']): OpsError {
  const shown = problems.slice(0, PROBLEMS_SHOWN).map(({ at, problem }) => `line ${at}: ${visible(problem)}`);
  const more = problems.length > shown.length ? [`and ${problems.length - shown.length} more`] : [];
  return new OpsError('refused', [`${path}: nothing written`, ...shown, ...more].join('\n'));
}

async function write(repository: SettingsRepository, checked: CheckedImport): Promise<void> {
  try {
    await writeImport(repository, checked);
  } catch (error) {
    throw error instanceof ImportDisturbed ? new OpsError('refused', error.message, error) : error;
  }
}
