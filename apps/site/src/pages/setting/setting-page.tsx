import type { ComponentChildren, VNode } from 'preact';
import { Button, Facts, type FieldErrors, Form, type PageContent, PageError, type SeeOther } from '#pages';
import type { Refusal, Stored } from '#settings';
import type { SiteRequest } from '../../http/site-request.ts';
import { fieldErrors } from '../../ui/sentences.ts';
import { servicePath, serviceTrail, type PageService } from '../services/service-trail.ts';

/** A part of settings of a number, or of a line by its number, and how it is read and written (`#settings`). */
export interface Setting<T> {
  readonly service: PageService;
  readonly number: string;
  readonly read: () => Promise<Stored<T> | Refusal>;
  readonly write: (edit: {
    readonly document: unknown;
    readonly condition: { readonly ifMatch: readonly string[] };
  }) => Promise<Stored<T> | Refusal>;
}

/** What stands in a field of the form, by its name; empty for none, `on` for a box that is ticked. */
export type Typed = (field: string) => string;

/** Names and words: what is set, as a person reads it. */
export type FactRows = readonly (readonly [string, string])[];

/** A page that sets some of a part of settings. */
export interface SettingPage<T> {
  /** The last part of its path: `recipients`. */
  readonly name: string;
  readonly heading: string;
  /** What is stored, as the fields of the form show it. */
  readonly fields: (value: T) => Readonly<Record<string, string>>;
  /** The document to be written: what is stored, with what was typed. The rules check it. */
  readonly document: (typed: Typed, stored: T) => unknown;
  /** The field to blame for a path of that document, `''` for none. */
  readonly fieldOf: (path: string, typed: Typed, stored: T) => string;
  /** What this page sets, as it is stored. */
  readonly facts: (value: T) => FactRows;
  /** The controls of the form; its button 設定 is there already. */
  readonly controls: (shown: Shown<T>) => ComponentChildren;
}

/** What a page of a setting shows. */
export interface Shown<T> {
  readonly stored: Stored<T>;
  /** What stands in the fields: what is stored, or what was typed. */
  readonly typed: Typed;
  /** The version that the form may replace. */
  readonly version: string;
  readonly errors?: FieldErrors | undefined;
  /** Another tab or person has saved in between: what is stored now is shown beside what was typed. */
  readonly isStale?: boolean;
}

const STALE =
  'この画面を開いた後に、ほかの画面で設定が変更されました。入力した内容は、まだ保存されていません。現在の設定を確認し、入力した内容に変更する場合は、もう一度「設定」を押してください。';

/** Shows a setting as it is stored, after a save with the notice of what is set now. Throws 404 when it is gone. */
export async function showSetting<T>(
  request: SiteRequest,
  setting: Setting<T>,
  page: SettingPage<T>,
): Promise<PageContent> {
  const stored = await storedNow(setting);
  const content = settingContent(request, setting, page, asStored(page, stored));
  if (!request.query.has('saved')) return content;
  return { ...content, notice: '設定しました。', noticeFacts: page.facts(stored.value) };
}

/**
 * Saves what was typed, on the version that the form carries, and leads back to the page. What the rules refuse is 422;
 * a form of an older version is 409, and shows what is stored now beside what was typed. Throws 404 when it is gone.
 */
export async function saveSetting<T>(
  request: SiteRequest,
  setting: Setting<T>,
  page: SettingPage<T>,
): Promise<PageContent | SeeOther> {
  const typed = request.form.value;
  const version = typed('version');
  const before = await storedNow(setting);
  if (version === before.version) {
    const document = page.document(typed, before.value);
    const result = await setting.write({ document, condition: { ifMatch: [version] } });
    if (result.ok) return { seeOther: `${pathOf(setting, page)}?saved` };
    if (result.kind === 'invalid')
      return settingContent(request, setting, page, {
        stored: before,
        typed,
        version,
        errors: fieldErrors(result.errors, (path) => page.fieldOf(path, typed, before.value)),
      });
    if (result.kind !== 'conflict') throw new PageError('not-found');
  }
  const stored = await storedNow(setting);
  const shown = { stored, typed, version: stored.version, errors: { '': STALE }, isStale: true };
  return { ...settingContent(request, setting, page, shown), status: 409 };
}

/** The page of a setting around its form. */
export function settingContent<T>(
  request: SiteRequest,
  setting: Setting<T>,
  page: SettingPage<T>,
  shown: Shown<T>,
): PageContent {
  const { service, number } = setting;
  return {
    heading: page.heading,
    trail: serviceTrail(request, service, { number, isBelow: true }),
    number,
    errors: shown.errors,
    body: <SettingForm action={pathOf(setting, page)} page={page} shown={shown} />,
  };
}

/** The form with its version; where somebody else has saved in between, below what is stored now. */
function SettingForm<T>({
  action,
  page,
  shown,
}: {
  action: string;
  page: SettingPage<T>;
  shown: Shown<T>;
}): VNode {
  return (
    <>
      {shown.isStale && (
        <section>
          <h2>現在の設定</h2>
          <Facts rows={page.facts(shown.stored.value)} />
        </section>
      )}
      {shown.isStale && <h2>入力した内容</h2>}
      <Form action={action}>
        <input type="hidden" name="version" value={shown.version} />
        {page.controls(shown)}
        <div id={SAVE_ID}>
          <Button>設定</Button>
        </div>
      </Form>
    </>
  );
}

/** Where the button 設定 is, for a link of a long form. */
export const SAVE_ID = 'save';

/** What is stored, or 404: the number has left the line, or the service is not contracted any more. */
export async function storedNow<T>({ read }: Pick<Setting<T>, 'read'>): Promise<Stored<T>> {
  const stored = await read();
  if (!stored.ok) throw new PageError('not-found');
  return stored;
}

function asStored<T>(page: SettingPage<T>, stored: Stored<T>): Shown<T> {
  const fields = new Map(Object.entries(page.fields(stored.value)));
  return { stored, typed: (field) => fields.get(field) ?? '', version: stored.version };
}

function pathOf<T>({ service, number }: Setting<T>, { name }: SettingPage<T>): string {
  return `${servicePath(service, number)}/${name}`;
}
