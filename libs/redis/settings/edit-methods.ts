import type { SettingsRepository } from '#settings';
import type { DiskBarrier } from '../connection/disk-barrier.ts';
import type { RawDocuments } from './document-store.ts';
import type { EditStore } from './edit-store.ts';
import { editTogether, readListed, settleEdits, type EditParts } from './edit-together.ts';

type EditMethods = Pick<SettingsRepository, 'getCallNotices' | 'putCallNotices' | 'settleEdits'>;

/** The repository's edits of many numbers (C14). */
export function editMethods(store: RawDocuments, edits: EditStore, disk: DiskBarrier): EditMethods {
  /** Each wait is for what was written since the one before. */
  const partsFrom = async (): Promise<EditParts> => {
    let barrier = await disk.begin();
    const onDisk: EditParts['onDisk'] = async (keys) => {
      await barrier(keys);
      barrier = await disk.begin();
    };
    return { store, edits, onDisk, now: Date.now };
  };
  return {
    getCallNotices: (numbers) => getCallNotices(store, numbers),
    putCallNotices: async (writes) => editTogether(await partsFrom(), writes),
    async settleEdits() {
      if ((await edits.all()).size > 0) await settleEdits(await partsFrom());
    },
  };
}

async function getCallNotices(
  store: RawDocuments,
  numbers: readonly string[],
): ReturnType<EditMethods['getCallNotices']> {
  const read = await readListed(store, numbers);
  return new Map(
    read.flatMap((one) => {
      if (!one?.document) return [];
      const { settings, versions } = one.document;
      return [[settings.number, { value: settings.callNotice, version: versions.callNotice }] as const];
    }),
  );
}
