import type { VNode } from 'preact';
import { shownNumber } from '#mail';
import { Button, type Link, LinkList, type PageContent, TextField, Way } from '#pages';
import { searchNumbers } from './search-numbers.ts';

/** From so many numbers on they can be searched (C14). */
export const SEARCHED_FROM = 33;

/** A choice among numbers: whose, where each leads, and what was searched; `undefined`: nothing yet. */
export interface NumberChoice {
  readonly path: string;
  readonly trail: readonly Link[];
  readonly lead: string;
  readonly numbers: readonly string[];
  readonly pathOf: (number: string) => string;
  readonly searched: string | undefined;
  /** Where all of them are set at once, where there is such a page. */
  readonly csv?: string | undefined;
}

/** 電話番号選択: a link for each number, the line number first (C14). */
export function numbersPage({
  path,
  trail,
  lead,
  numbers,
  pathOf,
  csv,
  ...choice
}: NumberChoice): PageContent {
  const isSearched = numbers.length >= SEARCHED_FROM;
  const searched = isSearched ? choice.searched : undefined;
  const found = searched === undefined ? numbers : searchNumbers(numbers, searched);
  return {
    heading: '電話番号選択',
    trail,
    body: (
      <>
        <p>{lead}</p>
        {csv !== undefined && (
          <p class="way">
            複数の電話番号を、CSVファイルでまとめて設定できます。<a href={csv}>一括設定</a>
          </p>
        )}
        {isSearched && <NumberSearch path={path} searched={searched ?? ''} />}
        {searched !== undefined && <Found count={found.length} path={path} />}
        {found.length > 0 && (
          <LinkList links={found.map((number) => ({ href: pathOf(number), text: shownNumber(number) }))} />
        )}
      </>
    ),
  };
}

/** The search for a number by a part of it, answered at `path` (C14). */
export function NumberSearch({ path, searched }: { path: string; searched: string }): VNode {
  return (
    <form action={path} class="option" role="search">
      <TextField
        name="number"
        label="電話番号検索"
        support="市外局番など、電話番号の一部を入力してください。「*」は任意の数字を表します（例：03*5678）。"
        value={searched}
        keyboard="text"
      />
      <Button kind="secondary">検索</Button>
    </form>
  );
}

function Found({ count, path }: { count: number; path: string }): VNode {
  return (
    <div>
      <p role="status">
        {count === 0
          ? '当てはまる電話番号はありません。電話番号の一部だけを入力して、もう一度検索してください。'
          : `${count}件の電話番号が見つかりました。`}
      </p>
      <Way href={path}>すべての電話番号を表示する</Way>
    </div>
  );
}
