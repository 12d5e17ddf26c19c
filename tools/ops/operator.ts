import { userInfo } from 'node:os';

/** Who runs the command, for the record of what operators do: the user of the system, or its number where it has no name. */
export function operator(): { readonly by: string; readonly door: 'cli' } {
  return { by: nameOfUser(), door: 'cli' };
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user may stand in no list.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
