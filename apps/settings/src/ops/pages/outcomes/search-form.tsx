import type { VNode } from 'preact';
import { OUTCOMES_PATH } from '../../paths.ts';
import { Button, TextField } from '#pages';

/** Asks for a number or an event, by GET: what is found can be reloaded and passed on. */
export function SearchForm({ query, error }: { query: string; error: string | undefined }): VNode {
  return (
    <form method="get" action={OUTCOMES_PATH} role="search" noValidate>
      <TextField
        name="q"
        label="電話番号またはイベントID"
        support="電話番号はハイフンがあってもかまいません。イベントIDはce_idです。"
        value={query}
        error={error}
      />
      <Button kind="secondary">検索</Button>
    </form>
  );
}
