/** True when scores fall on both sides of `passAt` and one vote more could tie or turn the majority: 1 to 1, 2 to 1, 2 to 2. */
export function isSplitVote(scores: readonly number[], passAt: number): boolean {
  const passes = scores.filter((score) => score >= passAt).length;
  const fails = scores.length - passes;
  return passes > 0 && fails > 0 && Math.abs(passes - fails) <= 1;
}
