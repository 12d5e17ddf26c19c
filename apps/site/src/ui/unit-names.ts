import type { Unit } from '#access';

/** The names of the authentication units (A1). */
export const UNIT_NAMES: Readonly<Record<Unit, string>> = {
  line: '回線単位',
  number: '電話番号単位',
  'administrator-user': '管理者／ユーザ単位',
};
