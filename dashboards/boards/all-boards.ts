import type { Board } from '../panels';
import { investigation } from './investigation';
import { judges } from './judges';
import { overview } from './overview';
import { pipeline } from './pipeline';
import { segments } from './segments';

export const ALL_BOARDS: readonly Board[] = [overview, segments, judges, pipeline, investigation];
