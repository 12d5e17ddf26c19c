import { DEFAULT_PASSWORD_POLICY, type PasswordPolicy } from './password-policy.ts';

/**
 * What a brand asks of passwords (A5): its own wins over the sources'. Where it sets one length alone, the other gives
 * way to it. `undefined`: the brand is not known.
 */
export function policyOfBrand(own: Partial<PasswordPolicy> = {}): PasswordPolicy {
  const { minLength, maxLength } = DEFAULT_PASSWORD_POLICY;
  return {
    ...DEFAULT_PASSWORD_POLICY,
    minLength: Math.min(minLength, own.maxLength ?? minLength),
    maxLength: Math.max(maxLength, own.minLength ?? maxLength),
    ...own,
  };
}
