import { createHash } from 'node:crypto';

/** What a draw decides; draws for different purposes are independent of one another. */
export type DrawPurpose = 'sample' | 'escalate' | 'ask' | 'control' | 'shadow' | 'pair' | 'emit';

/**
 * A uniform number in [0, 1) that depends on its arguments alone: a replay draws the same. It is the top 53 bits of
 * SHA-256, all that a double holds exactly, so `uniformDraw(...) < p` happens with probability p to within 2^-53:
 * never for p = 0, always for p = 1.
 *
 * STATISTICS: xi = (hash64(salt | policyVersion | id) / 2^64 < pi).
 */
export function uniformDraw(purpose: DrawPurpose, salt: string, policyVersion: number, id: string): number {
  // JSON keeps the parts apart: salt `a|1` with id `b` must not meet salt `a` with id `1|b`.
  const digest = createHash('sha256')
    .update(JSON.stringify([purpose, salt, policyVersion, id]))
    .digest();
  return (digest.readUInt32BE(0) * 2 ** 21 + (digest.readUInt32BE(4) >>> 11)) / 2 ** 53;
}
