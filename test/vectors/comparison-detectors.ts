import { createAdwin, stepAdwin } from '../../src/detectors/comparison/adwin';
import { stepCusum } from '../../src/detectors/comparison/classic-cusum';
import { createWindow, stepWindow } from '../../src/detectors/comparison/moving-window';
import { createPageHinkley, stepPageHinkley } from '../../src/detectors/comparison/page-hinkley';
import { firstIndex } from './edetector';
import { type Fields, number, numbers, record, text } from './read';
import type { VectorSuite } from './suite';

export const comparisonDetectors: VectorSuite = {
  file: 'comparison-detectors.json',
  compute: (input) => {
    const xs = numbers(input, 'x');
    return {
      ...pageHinkley(xs, record(input, 'pageHinkley')),
      ...adwin(xs, number(record(input, 'adwin'), 'delta')),
      ...cusum(xs, record(input, 'cusum')),
      ...movingWindow(xs, record(input, 'window')),
    };
  },
};

function pageHinkley(xs: readonly number[], parameters: Fields): Fields {
  const design = {
    delta: number(parameters, 'delta'),
    threshold: number(parameters, 'threshold'),
    forgetting: number(parameters, 'forgetting'),
    minInstances: number(parameters, 'minInstances'),
  };
  const falling = text(parameters, 'on') === '1-x';
  const state = createPageHinkley();
  const steps = xs.map((x) => {
    const alarm = stepPageHinkley(design, state, falling ? 1 - x : x);
    return { alarm, statistic: state.statistic };
  });
  const first = steps.findIndex((step) => step.alarm);
  return {
    pageHinkleyStatistic: steps.map((step) => step.statistic),
    pageHinkleyFirstAlarm: first < 0 ? null : first,
  };
}

function adwin(xs: readonly number[], delta: number): Fields {
  const state = createAdwin(delta, 'river-0.21');
  const detections: number[] = [];
  const widths = xs.map((x, i) => {
    if (stepAdwin(state, x)) detections.push(i);
    return state.width;
  });
  return { adwinDetections: detections, adwinWidth: widths };
}

function cusum(xs: readonly number[], parameters: Fields): Fields {
  const design = { before: number(parameters, 'p0'), after: number(parameters, 'p1') };
  let statistic = 0;
  const values = xs.map((x) => (statistic = stepCusum(design, statistic, x)));
  const threshold = number(parameters, 'threshold');
  return { cusum: values, cusumFirstAlarm: firstIndex(values, (value) => value >= threshold) };
}

function movingWindow(xs: readonly number[], parameters: Fields): Fields {
  const state = createWindow(number(parameters, 'W'));
  const means = xs.map((x) => stepWindow(state, x));
  const below = number(parameters, 'below');
  const first = means.findIndex((mean) => mean !== null && mean < below);
  return { windowMeans: means.filter((mean) => mean !== null), windowFirstAlarm: first < 0 ? null : first };
}
