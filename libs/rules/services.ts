/** What can be contracted for a number (A13). */
export const NUMBER_SERVICES = ['call-notice', 'fax-notice', 'voice-warp', 'ip-phone'] as const;
/** What can be contracted besides for a line, by its line number. */
export const LINE_SERVICES = ['fault-notice', 'bulk-transfer'] as const;
export const SERVICES = [...NUMBER_SERVICES, ...LINE_SERVICES] as const;
export type Service = (typeof SERVICES)[number];

/** The contracted services by number; a number that is not named has all of its brand's, and every brand has each. */
export type ContractedServices = Readonly<Record<string, readonly Service[]>>;

/** Whether a service is of a line as a whole, and so contracted under its line number alone. */
export function isOfLine(service: Service): boolean {
  return (LINE_SERVICES as readonly Service[]).includes(service);
}

/** Whether a service is among the contracted ones of one number; without a list all of them are. */
export function hasService(services: readonly Service[] | undefined, service: Service): boolean {
  return services === undefined || services.includes(service);
}

/**
 * A forwarding (V2, V3) when something else may be contracted, by the contracted services before and after: off unless
 * its service was contracted and still is, so that nothing is forwarded because it is contracted again. The same object
 * where nothing changes.
 */
export function offUnlessContracted<T extends { readonly enabled: boolean }>(
  forwarding: T,
  service: Service,
  beforeAndAfter: readonly (readonly Service[] | undefined)[],
): T {
  const isContracted = beforeAndAfter.every((services) => hasService(services, service));
  return isContracted || !forwarding.enabled ? forwarding : { ...forwarding, enabled: false };
}

/** Whether a service is contracted for a number of a line. */
export function isContracted(
  { lineNumber, services }: { readonly lineNumber: string; readonly services?: ContractedServices },
  number: string,
  service: Service,
): boolean {
  if (isOfLine(service) && number !== lineNumber) return false;
  return hasService(services?.[number], service);
}
