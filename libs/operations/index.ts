export { createActionLog, type ActionLog } from './action-log.ts';
export { ACTIONS_UNTOLD } from './actions-untold.ts';
export type { AskedServer, Unanswered } from './asking.ts';
export {
  deadLetterOf,
  deadLettersOf,
  readDeadLetters,
  selectDeadLetters,
  type DeadLetter,
  type DeadLetterFilter,
} from './dead-letter.ts';
export { textOf, viewDeadLetter, type DeadLetterView } from './dead-letter-view.ts';
export { closeDeadLetters, replayDeadLetters, type HandlingDeps } from './handle-dead-letters.ts';
export { tellActions, type TellActionsDeps } from './tell-actions.ts';
export { waitsForMail, type EventTable, type KnownEvent } from './known-event.ts';
export { readActions } from './read-actions.ts';
export type { Asked, Sources } from './sources.ts';
export { storyOf, type Story } from './story.ts';
export type { WaitingRecord } from './waiting-records.ts';
