/** `[start, end, start, end, ...]` of one text at a time: growing a list for every text cost a third of a hostile one's time. */
let spare = new Int32Array(1024);

/**
 * The maximal groups of ASCII digits of a text, in order; good until the next text is scanned. One object with methods, as
 * the finders ask it some million times a second.
 */
export class DigitGroups {
  private edges = spare;
  private groups = 0;

  add(start: number, end: number): void {
    const at = 2 * this.groups++;
    if (at === this.edges.length) {
      spare = new Int32Array(2 * at);
      spare.set(this.edges);
      this.edges = spare;
    }
    this.edges[at] = start;
    this.edges[at + 1] = end;
  }

  get count(): number {
    return this.groups;
  }

  /** 0 beyond the last group, as for all that follow. */
  start(group: number): number {
    return group < this.groups ? (this.edges[2 * group] as number) : 0;
  }

  end(group: number): number {
    return group < this.groups ? (this.edges[2 * group + 1] as number) : 0;
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
