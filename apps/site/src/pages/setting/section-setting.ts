import type { NumberSection, NumberSections } from '#rules';
import { readSection, writeSection, type SettingsDeps } from '#settings';
import { numberInPath } from '../../http/scope.ts';
import type { SiteRequest } from '../../http/site-request.ts';
import type { PageService } from '../services/service-trail.ts';
import type { Setting } from './setting-page.tsx';

/** The section of a service for the number in the path; throws 404 where this login may not set it (A1, A13). */
export function sectionSetting<S extends NumberSection>(
  deps: SettingsDeps,
  request: SiteRequest,
  service: PageService,
  section: S,
): Setting<NumberSections[S]> {
  const number = numberInPath(request, service);
  return {
    service,
    number,
    read: () => readSection(deps, number, section),
    write: (edit) => writeSection(deps, number, section, edit),
  };
}
