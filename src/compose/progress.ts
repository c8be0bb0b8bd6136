/** How far a long piece of work has come; shown on terminals only. */
export interface Progress {
  readonly done: number;
  /** Null while nobody knows how much there is. */
  readonly total: number | null;
  readonly seconds: number;
}

/** `12,400 records  1,033/s  41%  about 17 s left` */
export function formatProgress({ done, total, seconds }: Progress): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const parts = [`${done.toLocaleString('en')} records`, `${Math.round(rate).toLocaleString('en')}/s`];
  if (total !== null && total > 0) {
    parts.push(`${Math.min(100, Math.floor((100 * done) / total))}%`);
    if (rate > 0 && done < total) parts.push(`about ${Math.ceil((total - done) / rate)} s left`);
  }
  return parts.join('  ');
}
