import type { PageContent, SeeOther } from '#pages';
import type { SettingsDeps, SwitchPlace } from '#settings';
import { withUnderWay } from '../../ui/under-way.tsx';

/** A page of what the switch has to be told, which says so as long as Kafka has not all that is saved (V5). */
export async function sayingUnderWay<A extends PageContent | SeeOther>(
  { repository }: Pick<SettingsDeps, 'repository'>,
  place: SwitchPlace,
  answer: A,
): Promise<A | PageContent> {
  if ('seeOther' in answer) return answer;
  return withUnderWay(answer, await repository.isTold(place));
}
