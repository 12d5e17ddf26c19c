import type { VNode } from 'preact';
import type { CellProblem, RowChange } from '#csv';
import { shownNumber, type Brand } from '#mail';
import { Button, type FieldErrors, Form, type PageContent, Way } from '#pages';
import { FileField } from '../../ui/file-field.tsx';
import type { CsvPage } from './csv-pages.ts';
import { differenceWords, problemWords } from './words.ts';

/** How many problems are read out at once, and how many are listed. */
const MOST_READ_OUT = 5;
const MOST_LISTED = 1_000;

/** The page where a CSV is downloaded, and another one chosen. */
export function csvPage(brand: Brand, page: CsvPage, problems: readonly CellProblem[] = []): PageContent {
  const { path, heading, trail } = page;
  const errors = problems.length > 0 ? errorsOf(problems) : undefined;
  return {
    heading: heading(brand),
    trail: trail(brand),
    errors,
    body: (
      <>
        <section>
          <h2>現在の設定をダウンロード</h2>
          <p>
            現在の設定を、CSVファイルに保存します。表計算ソフトなどで書き換えて、下の「CSVファイル」で指定してください。
          </p>
          <Way href={`${path}/file`}>ダウンロード</Way>
        </section>
        <section>
          <h2>CSVファイルで設定</h2>
          <Form action={path} upload>
            <FileField
              name="file"
              label="CSVファイル"
              support="「確認」を押すと、変わる内容を表示します。まだ設定はされません。"
              error={errors?.['file']}
              accept=".csv,text/csv"
              required
            />
            <Button>確認</Button>
          </Form>
        </section>
        {problems.some(hasPlace) && <Problems problems={problems} />}
        <Help page={page} />
      </>
    ),
  };
}

/** The page after a set: how many numbers were set (digits), and the way to what they are set for. */
export function donePage(brand: Brand, page: CsvPage, count: string): PageContent {
  const content = csvPage(brand, page);
  const above = page.trail(brand).at(-1);
  return {
    ...content,
    notice: `CSVファイルの内容を設定しました。${count}件の電話番号の設定が変わりました。`,
    body: (
      <>
        {above && <Way href={above.href}>{`${above.text}へ戻る`}</Way>}
        {content.body}
      </>
    ),
  };
}

const hasPlace = ({ line }: CellProblem): boolean => line !== undefined;
const idOf = (index: number): string => `problem-${index + 1}`;

/** The field's own error, and the first ones of the list; a problem of the whole file is the field's own. */
function errorsOf(problems: readonly CellProblem[]): FieldErrors {
  const [first] = problems;
  if (first && !problems.some(hasPlace)) return { file: problemWords(first) };
  const readOut = problems.slice(0, MOST_READ_OUT);
  return {
    file: `CSVファイルに${problems.length}か所の誤りがあるため、設定できません。直してから、もう一度指定してください。`,
    ...Object.fromEntries(readOut.map((problem, index) => [idOf(index), problemWords(problem)])),
  };
}

function Problems({ problems }: { problems: readonly CellProblem[] }): VNode {
  const listed = problems.slice(0, MOST_LISTED);
  return (
    <section>
      <h2>誤りの一覧</h2>
      <ul class="remarks">
        {listed.map((problem, index) => (
          <li key={index} id={idOf(index)}>
            {problemWords(problem)}
          </li>
        ))}
      </ul>
      {problems.length > listed.length && <p>ほかに{problems.length - listed.length}か所あります。</p>}
    </section>
  );
}

function Help({ page: { columns, remark } }: { page: CsvPage }): VNode {
  return (
    <section class="help">
      <h2>CSVファイルの作り方</h2>
      <ul class="remarks">
        <li>ダウンロードしたファイルの1行目（項目名）は、そのまま残してください。</li>
        <li>1行に1つの電話番号を入力します。行のない電話番号の設定は、変わりません。</li>
        {columns.map((one) => (
          <li key={one}>{one}</li>
        ))}
        <li>
          表計算ソフトが数式として扱う「=」「+」「-」「@」で始まる値には、先頭に「'」（半角）が付いています。そのまま残してください。
        </li>
        <li>文字コードはUTF-8またはシフトJIS、大きさは3MB、行数は1万行までです。</li>
        {remark !== undefined && <li>{remark}</li>}
      </ul>
    </section>
  );
}

/** What would change, number by number, before it is set. */
interface Preview {
  readonly brand: Brand;
  readonly page: CsvPage;
  readonly changes: readonly RowChange<unknown>[];
  /** The upload that is set then. */
  readonly upload: string;
  /** Whether what an earlier preview has seen is not so any more. */
  readonly isAnew: boolean;
}

/** The preview, and the button that sets it. */
export function previewPage({ brand, page, changes, upload, isAnew }: Preview): PageContent {
  const heading = page.heading(brand);
  return {
    heading: `${heading}の確認`,
    trail: [...page.trail(brand), { href: page.path, text: heading }],
    ...(isAnew && { status: 409, errors: { '': ANEW } }),
    body: (
      <>
        <p class="lead">
          まだ設定されていません。{changes.length}
          件の電話番号の設定が変わります。内容を確認し、「一括設定」を押してください。
        </p>
        {page.remark !== undefined && <p>{page.remark}</p>}
        <dl class="facts">
          {changes.map((change) => (
            <Change key={change.key} change={change} />
          ))}
        </dl>
        <Form action={`${page.path}/set`}>
          <input type="hidden" name="upload" value={upload} />
          <Button>一括設定</Button>
        </Form>
        <Way href={page.path}>設定しない</Way>
      </>
    ),
  };
}

const ANEW =
  '確認画面を表示した後に設定が変更されたため、一括設定は行われていません。現在の設定から変わる内容を、もう一度ご確認ください。';

function Change({ change: { key, line, differences } }: { change: RowChange<unknown> }): VNode {
  return (
    <div>
      <dt>{`${shownNumber(key)}（${line}行目）`}</dt>
      <dd>
        <ul class="differences">
          {differences.map((difference) => (
            <li key={difference.column}>{differenceWords(difference)}</li>
          ))}
        </ul>
      </dd>
    </div>
  );
}
