import type { ComponentChildren } from 'preact';
import type { FieldErrors } from './field-errors.ts';

/** A link to another page of the site. */
export interface Link {
  readonly href: string;
  readonly text: string;
}

/** What a view makes: everything of a page that is not the same on every page. */
export interface PageContent {
  /** The only `h1`; the title begins with it. */
  readonly heading: string;
  readonly body: ComponentChildren;
  /** The pages above this one, from the top, without itself. */
  readonly trail?: readonly Link[] | undefined;
  /** What is wrong with what was typed. Makes the status 422 when no other is given. */
  readonly errors?: FieldErrors | undefined;
  /** What was done, as the first sentence after a form that was taken. */
  readonly notice?: string | undefined;
  /** What is set now, below that sentence. */
  readonly noticeFacts?: readonly (readonly [string, string])[];
  /** `done` by default; a warning does not look as if all were well. */
  readonly noticeKind?: 'done' | 'warning';
  /** The number being set (national digits), where it is not the one that is logged in. */
  readonly number?: string;
  /** 200 by default. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}
