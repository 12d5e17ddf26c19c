import { parse } from 'csv-parse/sync';
import type { CallNotice } from '#rules';
import { formFields, sendForm } from './form-fields.ts';
import type { SiteBrowser } from './site-browser.ts';
import { uploadForm } from './upload-form.ts';

/** A page's form, with each field set or emptied. A start that costs something is confirmed. */
export async function bySite(
  browser: SiteBrowser,
  path: string,
  fields: Record<string, string>,
): Promise<number> {
  const { version = '', ...before } = formFields((await browser.get(path)).text);
  const emptied = Object.fromEntries(Object.keys(before).map((name) => [name, '']));
  const answer = await browser.post(path, { ...emptied, ...fields, version });
  const { location = '' } = answer.headers;
  return location.endsWith('/start') ? (await sendForm(browser, location, {})).status : answer.status;
}

/** The table as it is downloaded, with these cells in place of those that are there; previewed and set. */
export async function byCsv(
  browser: SiteBrowser,
  path: string,
  cellOf: (number: string, column: string) => string | undefined,
): Promise<number> {
  const [header = [], ...stored] = parse((await browser.get(`${path}/file`)).text, { bom: true });
  const escaped = (cell: string | undefined): string | undefined =>
    cell !== undefined && /^[=+\-@']/.test(cell) ? `'${cell}` : cell;
  const rows = stored.map((row) =>
    row.map((cell, index) => escaped(cellOf(row[0] ?? '', header[index] ?? '')) ?? cell),
  );
  const table = [header, ...rows].map((row) => row.map((cell) => `"${cell}"`).join(','));
  const { body, headers } = uploadForm(table.join('\r\n'));
  const preview = await browser.post(path, body, headers);
  const upload = /name="upload" value="([^"]+)"/.exec(preview.text)?.[1];
  return upload === undefined ? preview.status : (await browser.post(`${path}/set`, { upload })).status;
}

/** What stands in a column for a call notice; none in that of the number. */
export function callCell(notice: CallNotice, column: string): string | undefined {
  const { enabled, targetCallersOnly, unansweredOnly } = notice;
  const switches = { 開始: enabled, 対象のみ: targetCallersOnly, 未応答のみ: unansweredOnly };
  const [, list = '', place = ''] = /^(\D+)(\d+)$/.exec(column) ?? [];
  const [recipient, target] = [notice.recipients[Number(place) - 1], notice.targetCallers[Number(place) - 1]];
  const bit = (isOn: boolean | undefined): string => (isOn === undefined ? '' : String(Number(isOn)));
  if (list === 'アドレス') return recipient?.address ?? '';
  if (list === '送信') return bit(recipient?.enabled);
  if (list === '対象') return target?.number ?? '';
  if (list === '指定') return bit(target?.enabled);
  return column in switches ? bit(switches[column as keyof typeof switches]) : undefined;
}
