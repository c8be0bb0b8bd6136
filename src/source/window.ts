import type { WindowOptions } from './options';

/**
 * What is in flight, in bytes and records, and whether fetching should rest. It only counts: records that are already
 * on their way when it fills up are taken in, so it can be overshot by what one fetch brings.
 */
export interface InflightWindow {
  add(sizeBytes: number): void;
  /** Throws when more leaves than came in: the counts would be wrong for good. */
  remove(sizeBytes: number): void;
  /**
   * True from the moment either limit is reached until both counts have fallen to `resumeRatio` of their limits. The
   * gap between the two keeps fetching from being paused and resumed with every record.
   */
  isFull(): boolean;
  bytes(): number;
  records(): number;
}

export function createWindow({ maxBytes, maxRecords, resumeRatio }: WindowOptions): InflightWindow {
  const resumeBytes = maxBytes * resumeRatio;
  // Rounded down to 0 for the smallest windows, which open again once they are empty.
  const resumeRecords = Math.floor(maxRecords * resumeRatio);
  let bytes = 0;
  let records = 0;
  let full = false;

  return {
    add(sizeBytes) {
      bytes += sizeBytes;
      records += 1;
      if (bytes >= maxBytes || records >= maxRecords) full = true;
    },
    remove(sizeBytes) {
      if (sizeBytes > bytes || records === 0) {
        throw new Error(`${sizeBytes} bytes leave a window that holds ${bytes} bytes in ${records} records`);
      }
      bytes -= sizeBytes;
      records -= 1;
      if (bytes <= resumeBytes && records <= resumeRecords) full = false;
    },
    isFull: () => full,
    bytes: () => bytes,
    records: () => records,
  };
}
