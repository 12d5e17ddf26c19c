import type { Brand } from '#mail';
import type { Link } from '#pages';

/** The pages above one that the menu leads to. */
export function menuTrail({ site }: Brand): readonly Link[] {
  return [{ href: '/menu', text: `${site.name}トップ` }];
}
