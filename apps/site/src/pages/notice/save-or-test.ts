import { type FieldErrors, type PageContent, PageError, type SeeOther, shownWait, tooEarly } from '#pages';
import { sendTestMail, type TestMailDeps } from '#settings';
import type { SiteRequest } from '../../http/site-request.ts';
import { fieldErrors } from '../../ui/sentences.ts';
import { saveSetting, settingContent, storedNow, type Setting } from '../setting/setting-page.tsx';
import { recipientsPage, typedAddress, type Notice } from './recipients-page.tsx';

/** What the form of the recipients asks for: to be saved, or a test mail to the address in a row, saved or not (C12). */
export async function saveOrTest(
  request: SiteRequest,
  setting: Setting<Notice>,
  testMails: TestMailDeps,
): Promise<PageContent | SeeOther> {
  const page = recipientsPage(request.brand, setting);
  const typed = request.form.value;
  const row = Number(typed('test'));
  if (row === 0) return saveSetting(request, setting, page);
  const stored = await storedNow(setting);
  const shown = (errors?: FieldErrors): PageContent =>
    // The version stays that of the form: what was typed upon an older one still has to be asked about.
    settingContent(request, setting, page, { stored, typed, version: typed('version'), errors });
  const address = typedAddress(typed, row);
  const result = await sendTestMail(testMails, setting.number, { address });
  if (result.ok)
    return {
      ...shown(),
      notice: `${address}へテストメールを送信しました。届いたことを確認してください。入力した内容は、「設定」を押すまで保存されません。`,
    };
  switch (result.kind) {
    case 'invalid':
      return shown(fieldErrors(result.errors, () => `address${row}`));
    case 'too-many':
      return tooEarly(
        shown({ '': tooManySentence(result.limit, result.retryAfterSeconds) }),
        result.retryAfterSeconds,
      );
    case 'not-found':
    case 'not-contracted':
      throw new PageError('not-found');
  }
}

function tooManySentence(limit: 'number' | 'address', seconds: number): string {
  const what = limit === 'address' ? 'このメールアドレスへの' : 'この電話番号からの';
  return `${what}送信テストが続いたため、送信していません。あと${shownWait(seconds)}待ってから、もう一度お試しください。`;
}
