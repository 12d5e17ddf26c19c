import type { VNode } from 'preact';
import { shownNumber } from '#mail';
import { type PageContent, TextField, Way } from '#pages';
import type { BulkTransferSettings } from '#rules';
import { NumberSearch, SEARCHED_FROM } from '../services/numbers-page.tsx';
import type { SettingPage, Shown } from '../setting/setting-page.tsx';

/** So many numbers are on a page: all of a line whose numbers need no search (C14). */
const MOST_ON_PAGE = SEARCHED_FROM - 1;

/** Numbers of a line that are set on one page; `first` is the place of the first of them among all. */
export interface NumbersOnPage {
  readonly page: number;
  readonly first: number;
  readonly numbers: readonly string[];
  /** How many the line has. */
  readonly all: number;
}

/** The numbers on a page, from 1; `undefined` for a page that is not there. */
export function pageOfNumbers(numbers: readonly string[], page: string): NumbersOnPage | undefined {
  const at = /^[1-9]\d{0,3}$/.test(page) ? Number(page) : 0;
  const first = (at - 1) * MOST_ON_PAGE;
  const shown = at === 0 ? [] : numbers.slice(first, first + MOST_ON_PAGE);
  return shown.length === 0 ? undefined : { page: at, first: first + 1, numbers: shown, all: numbers.length };
}

/** Where a number's destination is set: its page, and its field there. */
export function placeOfNumber(numbers: readonly string[], number: string): string {
  const page = Math.floor(numbers.indexOf(number) / MOST_ON_PAGE) + 1;
  return `${pathOf(page)}#${fieldOf(number)}`;
}

/** The field of a number's destination: by the number, so that a line which changes meanwhile mixes nothing up. */
const fieldOf = (number: string): string => `to-${number}`;

/** The page with the search and the ways to the other pages around its form, where the numbers need several pages. */
export function withPages(content: PageContent, { page, first, numbers, all }: NumbersOnPage): PageContent {
  if (all <= MOST_ON_PAGE) return content;
  const last = first + numbers.length - 1;
  return {
    ...content,
    body: (
      <>
        <NumberSearch path="/line/bulk-transfer/search" searched="" />
        <p>{`${all}の電話番号のうち、${first}番目から${last}番目までです。`}</p>
        {content.body}
        {last < all && <Way href={pathOf(page + 1)}>次の電話番号へ</Way>}
        {page > 1 && <Way href={pathOf(page - 1)}>前の電話番号へ</Way>}
      </>
    ),
  };
}

const pathOf = (page: number): string => `/line/bulk-transfer/destinations/${page}`;

/** 転送先電話番号の設定: the destination of each number (V2), so many on a page. */
export function destinationsPage(shown: NumbersOnPage): SettingPage<BulkTransferSettings> {
  const { page, numbers, all } = shown;
  return {
    name: all > numbers.length ? `destinations/${page}` : 'destinations',
    heading: '転送先電話番号の設定',
    fields: ({ destinations }) =>
      Object.fromEntries(numbers.map((number) => [fieldOf(number), destinations[number] ?? ''])),
    document: (typed, stored) => {
      const others = Object.entries(stored.destinations).filter(([number]) => !numbers.includes(number));
      const here = numbers
        .map((number) => [number, typed(fieldOf(number))] as const)
        .filter(([, to]) => to.trim() !== '');
      return { ...stored, destinations: Object.fromEntries([...others, ...here]) };
    },
    fieldOf: (path) => {
      const [, number] = path.split('.');
      return number === undefined ? '' : fieldOf(number);
    },
    facts: ({ destinations }) => {
      const set = numbers.flatMap((number, index) => {
        const to = destinations[number];
        const name = `転送先電話番号${shown.first + index}`;
        return to === undefined
          ? []
          : [[name, `${shownNumber(number)} から ${shownNumber(to)} へ転送`] as const];
      });
      return set.length > 0 ? set : [['転送先電話番号', 'なし']];
    },
    controls: (form) => <Controls shown={shown} form={form} />,
  };
}

function Controls({
  shown: { first, numbers, all },
  form: { typed, errors },
}: {
  shown: NumbersOnPage;
  form: Shown<BulkTransferSettings>;
}): VNode {
  return (
    <>
      <ul class="remarks">
        <li>電話番号ごとに、転送先の電話番号を入力してください。空の電話番号は転送されません。</li>
        <li>この契約回線の電話番号、110番、119番などや、海外の電話番号は、転送先にできません。</li>
        {all > numbers.length && <li>ページごとに「設定」を押してください。</li>}
      </ul>
      <div class="rows">
        {numbers.map((number, index) => (
          <div key={number} class="row">
            <TextField
              name={fieldOf(number)}
              label={`転送先電話番号${first + index}`}
              support={`${shownNumber(number)} からの転送先`}
              value={typed(fieldOf(number))}
              error={errors?.[fieldOf(number)]}
              keyboard="tel"
            />
          </div>
        ))}
      </div>
    </>
  );
}
