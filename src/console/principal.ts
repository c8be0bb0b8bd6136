import type { RoleName } from './options';

/** Who asks. */
export interface Principal {
  readonly name: string;
  readonly role: RoleName;
  /** Segments that may be seen; empty = all. */
  readonly segments: readonly string[];
}
