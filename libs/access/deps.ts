import type { SealKey } from '#events';
import type {
  AccessStore,
  LineDirectory,
  PasswordHasher,
  Place,
  SendAccessMail,
  SendCommand,
  SourceLimit,
} from './ports.ts';
import type { PasswordPolicy } from './password-policy.ts';

/** What the use cases of access need. */
export interface AccessDeps {
  readonly store: AccessStore;
  readonly lines: LineDirectory;
  readonly hasher: PasswordHasher;
  readonly sources: SourceLimit;
  readonly sendMail: SendAccessMail;
  readonly sendCommand: SendCommand;
  /** What a brand asks of passwords. */
  readonly policyOf: (brand: string) => PasswordPolicy;
  /** The origin of a brand's site, for links. */
  readonly siteOf: (brand: string) => string;
  /** Seal the codes that wait to be entered: the first one seals, all of them open. */
  readonly sealKeys: readonly [SealKey, ...SealKey[]];
  /** `LOGIN_WAITS`, in milliseconds. */
  readonly waits: readonly number[];
  /** Hears of each password that became invalid by wrong tries (A3). */
  readonly lockedOut: (place: Place) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
