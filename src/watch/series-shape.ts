/**
 * How the numbers of a segment's series lie in one array, in the order in which they came up: counts of results for each
 * criterion, sums for each of its panels. Segments that saw the same in the same order share a shape, as objects of one
 * kind share a class, so a segment has nothing of its own but the array: 160 bytes a series of one panel.
 */
export interface SeriesShape {
  /** Numbers of a segment of this shape. */
  readonly size: number;
  readonly criteria: readonly CriterionPlace[];
  /** Shapes with one criterion or panel more, by its name. */
  readonly larger: Map<string, SeriesShape>;
}

export interface CriterionPlace {
  readonly criterion: string;
  /** Where its counts begin. */
  readonly at: number;
  readonly panels: readonly PanelPlace[];
}

export interface PanelPlace {
  readonly panel: string;
  readonly at: number;
}

/** Criteria and panels of an item or a session, in its order; those that come alike have one. */
export interface SeriesLayout {
  readonly names: readonly SeriesName[];
  /** Where its numbers are in segments of a shape. */
  readonly slots: Map<SeriesShape, Slots>;
}

export type SeriesName = readonly [criterion: string, panel: string];

/** By place in the layout; `MISSING` where a shape has no such criterion or panel. */
export interface Slots {
  readonly criteria: readonly number[];
  readonly panels: readonly number[];
  readonly isComplete: boolean;
}

export const MISSING = -1;

/** Numbers of a criterion, and of a panel. */
export interface ShapeSizes {
  readonly criterion: number;
  readonly panel: number;
}

export function emptyShape(): SeriesShape {
  return { size: 0, criteria: [], larger: new Map() };
}

export function withCriterion(shape: SeriesShape, criterion: string, { criterion: size }: ShapeSizes): SeriesShape {
  if (placeOf(shape, criterion) !== undefined) return shape;
  return largerBy(shape, criterion, size, (at) => [...shape.criteria, { criterion, at, panels: [] }]);
}

/** The criterion must be there. */
export function withPanel(
  shape: SeriesShape,
  [criterion, panel]: SeriesName,
  { panel: size }: ShapeSizes,
): SeriesShape {
  if (placeOf(shape, criterion)?.panels.some((one) => one.panel === panel) !== false) return shape;
  return largerBy(shape, `${criterion}\u0000${panel}`, size, (at) =>
    shape.criteria.map((one) =>
      one.criterion === criterion ? { ...one, panels: [...one.panels, { panel, at }] } : one,
    ),
  );
}

function largerBy(
  { size, larger }: SeriesShape,
  name: string,
  by: number,
  criteriaAt: (at: number) => readonly CriterionPlace[],
): SeriesShape {
  let shape = larger.get(name);
  if (shape === undefined) {
    shape = { size: size + by, criteria: criteriaAt(size), larger: new Map() };
    larger.set(name, shape);
  }
  return shape;
}

export function slotsOf({ names, slots }: SeriesLayout, shape: SeriesShape): Slots {
  let known = slots.get(shape);
  if (known === undefined) {
    const criteria = names.map(([criterion]) => placeOf(shape, criterion)?.at ?? MISSING);
    const panels = names.map(([criterion, panel]) => {
      return placeOf(shape, criterion)?.panels.find((one) => one.panel === panel)?.at ?? MISSING;
    });
    known = { criteria, panels, isComplete: !panels.includes(MISSING) };
    slots.set(shape, known);
  }
  return known;
}

function placeOf({ criteria }: SeriesShape, criterion: string): CriterionPlace | undefined {
  return criteria.find((one) => one.criterion === criterion);
}

/** More kinds of items and sessions at one time than are worth remembering. */
const MOST_LAYOUTS = 32;

/**
 * The layout of an item's criteria or a session's values, found among those of before, the latest first. Layouts are
 * nothing that is kept: they are made again from what comes.
 */
export function layoutOf<T extends { readonly criterion: string }>(
  known: SeriesLayout[],
  values: readonly T[],
  panelOf: (value: T) => string,
): SeriesLayout {
  for (const layout of known) if (isLike(layout, values, panelOf)) return layout;
  if (known.length >= MOST_LAYOUTS) known.length = 0;
  const fresh: SeriesLayout = {
    names: values.map((value) => [value.criterion, panelOf(value)]),
    slots: new Map(),
  };
  known.unshift(fresh);
  return fresh;
}

function isLike<T extends { readonly criterion: string }>(
  { names }: SeriesLayout,
  values: readonly T[],
  panelOf: (value: T) => string,
): boolean {
  if (names.length !== values.length) return false;
  for (let i = 0; i < names.length; i++) {
    const [criterion, panel] = names[i]!;
    if (criterion !== values[i]!.criterion || panel !== panelOf(values[i]!)) return false;
  }
  return true;
}
