/**
 * The maximal groups of ASCII digits of a text, in order. One object with methods, as the finders ask it some million times
 * a second.
 */
export class DigitGroups {
  /** `[start, end, start, end, ...]`. */
  private readonly edges: number[] = [];

  add(start: number, end: number): void {
    this.edges.push(start, end);
  }

  get count(): number {
    return this.edges.length / 2;
  }

  /** 0 beyond the last group, as for all that follow. */
  start(group: number): number {
    return this.edges[2 * group] ?? 0;
  }

  end(group: number): number {
    return this.edges[2 * group + 1] ?? 0;
  }

  length(group: number): number {
    return this.end(group) - this.start(group);
  }

  /** How many code units part this group from the next. */
  gapAfter(group: number): number {
    return this.start(group + 1) - this.end(group);
  }

  /** The code unit that alone parts this group from the next; 0 when the gap is longer. */
  soleGapAfter(text: string, group: number): number {
    return this.gapAfter(group) === 1 ? text.charCodeAt(this.end(group)) : 0;
  }
}
