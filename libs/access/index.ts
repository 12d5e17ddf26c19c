export {
  collectHasherLoad,
  countLogin,
  createLoginMetrics,
  HASHER_METRICS,
  LOGIN_METRICS,
  MESSAGES_DUE,
  type LoginMetrics,
} from './access-metrics.ts';
export { NO_ACCOUNT, readAccount, type Account, type EndReason } from './account.ts';
export type { CallStore } from './call-store.ts';
export { changePassword, maySetPassword, type PasswordChangeResult } from './change-password.ts';
export { confirmUnitChange, numbersAsked, otherUnits, requestUnitChange } from './change-unit.ts';
export { changeConfirmationId, changeConfirmationPassword, confirmPair } from './confirmation.ts';
export type { ConfirmationProblem } from './confirmation-rules.ts';
export { hasTemporary } from './credentials.ts';
export { declineOneTime } from './decline-one-time.ts';
export type { AccessDeps } from './deps.ts';
export {
  beginDialogue,
  nextStep,
  type CallingLine,
  type DialledPassword,
  type Question,
  type Sentence,
  type Turn,
} from './dialogue.ts';
export { hasMessagesDue, sendDueMessages } from './due-messages.ts';
export { findLogin, logOut, type FoundLogin, type Login, type Subscriber } from './find-login.ts';
export {
  askedIpPhoneChange,
  confirmIpPhonePassword,
  openIpPhoneChanges,
  requestIpPhonePassword,
  setIpPhonePassword,
  type IpPhoneOutage,
  type IpPhoneState,
} from './ip-phone-password.ts';
export { ipPhonePasswordProblem, type IpPhoneProblem } from './ip-phone-rules.ts';
export { logIn, type LoginResult, type LoginTry } from './log-in.ts';
export { codeAddress, IDLE_MS, LONGEST_MS, PENDING_MS, type Stage } from './logins.ts';
export { enterCode, sendCode } from './one-time.ts';
export { MOST_NEW_PASSWORDS } from './one-time-sheet.ts';
export { oneTimeTable } from './one-time-table.ts';
export {
  accessState,
  intervene,
  INTERVENTIONS,
  setTemporaryPassword,
  type AccessState,
  type Intervention,
} from './operate.ts';
export { createPasswordHasher, HasherBusy } from './password-hasher.ts';
export { daysLeft, hasFullWidth, type PasswordPolicy, type PasswordProblem } from './password-policy.ts';
export { policyOfBrand } from './policy-of-brand.ts';
export type {
  Access,
  AccessMail,
  AccessStore,
  Change,
  Group,
  LineDirectory,
  PasswordHasher,
  Place,
  PointerKind,
  SelfCareProfile,
  SendCommand,
  SourceLimit,
} from './ports.ts';
export {
  findOperator,
  logInOperator,
  logOutOperator,
  type Operator,
  type OperatorDeps,
  type OperatorResult,
  type OperatorSessions,
} from './operator-login.ts';
export {
  addressEntry,
  completeRegistration,
  draftAddress,
  draftOf,
  findRegistration,
  registerAddress,
} from './register-address.ts';
export { deleteSelfCare, getSelfCare, putSelfCare } from './self-care.ts';
export { createSparingLogIn } from './sparing-log-in.ts';
export { temporaryPasswordProblem, type TemporaryPasswordProblem } from './temporary-password.ts';
export { unitOf, UNITS, type Line, type Unit } from './unit.ts';
