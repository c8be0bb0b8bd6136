/** Brings a map in order of coming down to `most`, as far as what is resolved allows: the oldest of that goes. */
export function forgetResolved(all: Map<string, { readonly state: string }>, most: number): void {
  if (all.size <= most) return;
  for (const [id, { state }] of all) {
    if (state === 'resolved') all.delete(id);
    if (all.size <= most) return;
  }
}
