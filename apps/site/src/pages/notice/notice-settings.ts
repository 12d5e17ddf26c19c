import type { CallNotice, FaultNotice, FaxNotice } from '#rules';
import { readFaultNotice, writeFaultNotice, type SettingsDeps } from '#settings';
import { lineWith } from '../../http/scope.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import { sectionSetting } from '../setting/section-setting.ts';
import type { Setting } from '../setting/setting-page.tsx';

/** The call notice of the number in the path; throws 404 where this login may not set it (A1, A13). */
export function callNoticeSetting(deps: SettingsDeps, request: SiteRequest): Setting<CallNotice> {
  return sectionSetting(deps, request, 'call-notice', 'callNotice');
}

/** The FAX notice of the number in the path; throws 404 where this login may not set it (A1, A13). */
export function faxNoticeSetting(deps: SettingsDeps, request: SiteRequest): Setting<FaxNotice> {
  return sectionSetting(deps, request, 'fax-notice', 'faxNotice');
}

/** The fault notice of the login's line; throws 404 where this login may not set it (A1, A13). */
export function faultNoticeSetting(deps: SettingsDeps, request: SiteRequest): Setting<FaultNotice> {
  const number = lineWith(request, 'fault-notice');
  return {
    service: 'fault-notice',
    number,
    read: () => readFaultNotice(deps, number),
    write: (edit) => writeFaultNotice(deps, number, edit),
  };
}
