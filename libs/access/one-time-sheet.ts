import { hash } from 'node:crypto';
import type { CellProblem, RowChange, Sheet } from '#csv';
import { numberAmong, parseAddress, readSwitch, switchCell } from '#rules';
import type { Account, OneTime } from './account.ts';
import { confirmationIdProblem, confirmationPasswordProblem } from './confirmation-rules.ts';

const NUMBER = '電話番号';
const USE = 'ワンタイムパスワード利用設定';
export const ADDRESS = 'ワンタイムパスワード受信用メールアドレス';
const ID = '確認用ID';
/** The column of the confirmation password, which nobody can read. */
export const PASSWORD = '確認用パスワード';
const COLUMNS = [NUMBER, USE, ADDRESS, ID, PASSWORD];

/** What a change of the password is shown as. */
const HIDDEN = '********';

/** So many new confirmation passwords one table may have: each is hashed while the request waits. */
export const MOST_NEW_PASSWORDS = 100;

/** One-time password settings as a row says them (A11). */
export interface OneTimeRow {
  readonly use: boolean | null;
  readonly address: string | null;
  readonly id: string | null;
  /** A new confirmation password; null: it stays. */
  readonly password: string | null;
}

/** The one-time password settings of some accounts as a table (A11). */
export function oneTimeSheet(accounts: ReadonlyMap<string, Account>): Sheet<OneTimeRow> {
  const oneTimeOf = (number: string): OneTime | undefined => accounts.get(number)?.oneTime;
  const rows = [...accounts].map(
    ([number, { oneTime }]) => [number, cellsOf(number, storedRow(oneTime))] as const,
  );
  return {
    columns: COLUMNS,
    rows: new Map(rows),
    keyOf: numberAmong([...accounts.keys()]),
    versionOf: (number) => versionOf(oneTimeOf(number)),
    read: (number, cell) => {
      const row = {
        use: readSwitch(cell(USE)) ?? null,
        address: cell(ADDRESS) || null,
        id: cell(ID) || null,
        password: cell(PASSWORD) || null,
      };
      const problems = problemsOf(number, row, oneTimeOf(number));
      return problems.length > 0 ? { problems } : { value: row, cells: cellsOf(number, row) };
    },
    checkAll: passwordsBeyond,
  };
}

/** The first new password that is one too many. */
function passwordsBeyond(changes: readonly RowChange<OneTimeRow>[]): CellProblem[] {
  const beyond = changes.filter(({ value }) => value.password !== null)[MOST_NEW_PASSWORDS];
  return beyond ? [{ line: beyond.line, column: PASSWORD, code: 'csv-passwords' }] : [];
}

/** Tells whether what can be set of one-time passwords is still what it was; codes and tries do not count. */
export function versionOf(oneTime: OneTime | undefined): string {
  const { use, address, confirmation } = oneTime ?? {};
  return hash('sha256', JSON.stringify([use, address, confirmation]), 'base64url');
}

function storedRow({ use, address, confirmation }: OneTime): OneTimeRow {
  return { use, address, id: confirmation?.id ?? null, password: null };
}

function cellsOf(number: string, { use, address, id, password }: OneTimeRow): string[] {
  return [
    number,
    use === null ? '' : switchCell(use),
    address ?? '',
    id ?? '',
    password === null ? '' : HIDDEN,
  ];
}

type RowProblem = { readonly column: string; readonly code: string };

/** What is wrong with a row that changes something (A8, A9, C13). What is stored already may stay as it is. */
function problemsOf(number: string, row: OneTimeRow, stored: OneTime | undefined): RowProblem[] {
  const { use, address, id, password } = row;
  const isNew = {
    address: address !== (stored?.address ?? null),
    id: id !== (stored?.confirmation?.id ?? null),
  };
  const needsPair = use === true || id !== null || password !== null;
  const codes: Record<string, string | undefined> = {
    [USE]: use === null ? 'csv-switch' : undefined,
    [ADDRESS]: address === null ? needed(use === true) : isNew.address ? addressProblem(address) : undefined,
    [ID]: id === null ? needed(needsPair) : isNew.id ? confirmationIdProblem(id) : undefined,
    [PASSWORD]:
      password === null
        ? needed(needsPair && !stored?.confirmation)
        : confirmationPasswordProblem(password, number),
  };
  return Object.entries(codes).flatMap(([column, code]) => (code === undefined ? [] : [{ column, code }]));
}

const needed = (isNeeded: boolean): string | undefined => (isNeeded ? 'required' : undefined);

function addressProblem(address: string): string | undefined {
  const parsed = parseAddress(address);
  return (parsed.ok ? parsed.legacy : parsed.problems)?.[0]?.code;
}
