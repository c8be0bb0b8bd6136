import type { Panel } from '../panels';
import { boardQueries as q } from './metric';

/** Three lines per criterion: the estimate and the ends of its interval. */
export function qualityPanel(title: string, segment: string, width: number): Panel {
  const one = { segment, criterion: '$criterion' } as const;
  return {
    type: 'timeseries',
    title,
    description:
      'Unbiased mean score with its pointwise 95 % interval. Lines of the interval are “low” and “high”; a gap means that too little was judged, not zero.',
    unit: 'percentunit',
    width,
    min: 0,
    max: 1,
    targets: [
      { expr: q.max('quality_estimate', ['criterion', 'segment'], one), legend: '{{criterion}} {{segment}}' },
      { expr: q.max('quality_lower', ['criterion', 'segment'], one), legend: '{{criterion}} {{segment}} low' },
      { expr: q.max('quality_upper', ['criterion', 'segment'], one), legend: '{{criterion}} {{segment}} high' },
    ],
  };
}

/** `part / whole`, empty where the whole is zero. */
export function ratio(part: string, whole: string): string {
  return `${part} / (${whole} > 0)`;
}

export const SAMPLED = ['pass', 'fail', 'unjudged'] as const;
