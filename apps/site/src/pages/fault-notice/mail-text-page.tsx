import { TextField } from '#pages';
import type { FaultNotice } from '#rules';
import type { SettingPage } from '../setting/setting-page.tsx';

const CONTRACTOR = '契約者名';
const LOCATION = '拠点情報';

/** 送信メール内容設定: what the mails of faults and recoveries say of the line (R1). */
export const MAIL_TEXT_PAGE: SettingPage<FaultNotice> = {
  name: 'mail-text',
  heading: '送信メール内容設定',
  fields: ({ contractorName, location }) => ({ contractorName, location }),
  document: (typed, stored) => ({
    ...stored,
    contractorName: typed('contractorName').trim(),
    location: typed('location').trim(),
  }),
  fieldOf: (path) => path,
  facts: ({ contractorName, location }) => [
    [CONTRACTOR, contractorName === '' ? 'なし' : contractorName],
    [LOCATION, location === '' ? 'なし' : location],
  ],
  controls: ({ typed, errors }) => (
    <>
      <p>故障・回復通知のメールに記載する内容を入力してください。</p>
      <TextField
        name="contractorName"
        label={CONTRACTOR}
        support="100文字以内"
        value={typed('contractorName')}
        error={errors?.['contractorName']}
      />
      <TextField
        name="location"
        label={LOCATION}
        support="住所や建物名など、回線のある場所がわかる内容を、200文字以内で入力してください。"
        value={typed('location')}
        error={errors?.['location']}
      />
    </>
  ),
};
