import type { VNode } from 'preact';
import { Button } from './button.tsx';
import { Form } from './form.tsx';

/** How long before the session ends it is announced (A12). */
const WARN_SECONDS = 120;

/**
 * Announces the end of the session (A12). Only the script opens it; its form prolongs the session by a POST to `action`,
 * and the script then reads `{"secondsLeft": …}` and leaves the page as it is.
 */
export function TimeOutDialog({ action, secondsLeft }: { action: string; secondsLeft: number }): VNode {
  return (
    <dialog
      id="time-out"
      aria-labelledby="time-out-heading"
      data-seconds-left={secondsLeft}
      data-warn-seconds={WARN_SECONDS}
    >
      <h2 id="time-out-heading">まもなくログアウトします</h2>
      <p>
        操作がないため、あと<strong data-time-left>2分</strong>でログアウトします。
      </p>
      <p>入力中の内容は、ログアウトすると失われます。</p>
      <Form action={action}>
        <Button>利用を続ける</Button>
      </Form>
    </dialog>
  );
}
