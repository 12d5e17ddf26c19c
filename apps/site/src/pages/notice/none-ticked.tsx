import type { VNode } from 'preact';
import { MissingFirst } from '../../ui/missing-first.tsx';
import { servicePath } from '../services/service-trail.ts';
import type { Setting } from '../setting/setting-page.tsx';
import { isForNobody, NONE_TICKED, type Notice } from './recipients-page.tsx';

/** Warns of a notice that is started and goes to none of its recipients, with the way to them; else nothing (C2). */
export function NoneTicked({
  setting: { service, number },
  notice,
}: {
  setting: Pick<Setting<Notice>, 'service' | 'number'>;
  notice: Notice;
}): VNode | null {
  if (!isForNobody(notice)) return null;
  return (
    <MissingFirst path={`${servicePath(service, number)}/recipients`} name="送信先メールアドレス設定">
      {NONE_TICKED}
    </MissingFirst>
  );
}
