import { offUnlessContracted, withinLine } from '#rules';
import type { Line } from '#settings';
import { newVersion } from '../stored-text.ts';
import { newFaultNotice, type LineDocument } from './documents.ts';

/**
 * A line's document after a write of the line: its fault notice stays, and of its bulk transfer what is still between
 * its numbers and others, off where it was not contracted all the time. What a newer program has added stays too.
 */
export function lineAfter(line: Line, before: LineDocument | undefined): LineDocument {
  const { lineNumber, brand, contractor, numbers, services } = line;
  const asked = { lineNumber, brand, contractor, numbers, ...(services && { services }) };
  if (!before?.settings) {
    const { value, version } = newFaultNotice();
    return {
      settings: { ...asked, faultNotice: value },
      versions: { line: newVersion(), faultNotice: version, bulkTransfer: newVersion() },
    };
  }
  const { change: _change, versions, settings, ...document } = before;
  const { services: hadServices, bulkTransfer, ...had } = settings;
  const contracted = [hadServices?.[lineNumber], services?.[lineNumber]];
  const kept =
    bulkTransfer && offUnlessContracted(withinLine(bulkTransfer, numbers), 'bulk-transfer', contracted);
  return {
    ...document,
    settings: { ...had, ...asked, ...(kept && { bulkTransfer: kept }) },
    versions: {
      ...versions,
      line: newVersion(),
      ...(kept !== bulkTransfer && { bulkTransfer: newVersion() }),
    },
  };
}
