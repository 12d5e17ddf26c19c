import type { VNode } from 'preact';
import type { Brand } from '#mail';
import { Button, type FieldErrors, Form, type PageContent, PasswordField, TextField } from '#pages';
import {
  CONFIRMATION_ID_SUPPORT,
  CONFIRMATION_PASSWORD_RULES,
  CONFIRMATION_PASSWORD_SUPPORT,
} from '../../ui/access-sentences.ts';
import { menuTrail } from '../../ui/menu-trail.ts';

/** What is changed: its name, the labels of its fields, and its page. */
export interface ConfirmationWords {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly path: string;
  readonly support: string;
  readonly isSecret: boolean;
}

export const CONFIRMATION_ID: ConfirmationWords = {
  name: '確認用ID',
  before: '変更前の確認用ID',
  after: '新しい確認用ID',
  path: '/confirmation-id',
  support: CONFIRMATION_ID_SUPPORT,
  isSecret: false,
};

export const CONFIRMATION_PASSWORD: ConfirmationWords = {
  name: '確認用パスワード',
  before: '変更前のパスワード',
  after: '変更後のパスワード',
  path: '/confirmation-password',
  support: CONFIRMATION_PASSWORD_SUPPORT,
  isSecret: true,
};

/** A form that was refused: what is wrong, and what was typed in a field. */
export interface Refused {
  readonly errors: FieldErrors;
  readonly typed: (field: string) => string;
}

/** The form: the current one, and the new one twice. */
export function confirmationPage(brand: Brand, words: ConfirmationWords, refused?: Refused): PageContent {
  const { name, before, after, path, support } = words;
  return {
    heading: `${name}変更`,
    trail: menuTrail(brand),
    errors: refused?.errors,
    body: (
      <Form action={path}>
        <Entry words={words} name="current" label={before} refused={refused} />
        <Entry words={words} name="next" label={after} support={support} refused={refused} />
        <Entry words={words} name="again" label={`${after}（確認）`} refused={refused} />
        <Button>登録</Button>
      </Form>
    ),
  };
}

function Entry({
  words,
  refused,
  ...field
}: {
  words: ConfirmationWords;
  name: string;
  label: string;
  support?: string;
  refused: Refused | undefined;
}): VNode {
  const error = refused?.errors[field.name];
  if (!words.isSecret)
    return (
      <TextField
        {...field}
        value={refused?.typed(field.name) ?? ''}
        error={error}
        autocomplete="section-confirmation username"
        required
      />
    );
  return (
    <PasswordField
      {...field}
      error={error}
      {...(field.name === 'current'
        ? { autocomplete: 'section-confirmation current-password' }
        : { autocomplete: 'section-confirmation new-password', rules: CONFIRMATION_PASSWORD_RULES })}
      required
    />
  );
}
