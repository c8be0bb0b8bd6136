import { createHash } from 'node:crypto';

/** What is kept of something erased: enough to know it again, not enough to know what it was. */
export function erasedHash(id: string): string {
  return createHash('sha256').update(`plumbline-erased\u0000${id}`).digest('hex');
}
