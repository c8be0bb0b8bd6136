import { type ScenarioName, SCENARIOS } from '../../simulate/scenario';

export type { ScenarioName } from '../../simulate/scenario';

/** For the command line, which knows only this room. */
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];
