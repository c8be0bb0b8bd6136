import type { ShapeFault } from './shape-fault';

/** Stands for "no value, see the trace" where readers return values. */
export const FAULT = Symbol('fault');

/**
 * The place of the one fault being reported, filled from the inside out while readers return, so that sound records
 * build no paths. One trace belongs to one compiled reader: reading is synchronous.
 */
export interface FaultTrace {
  fail(wanted: string, seen: string, reason?: ShapeFault['reason']): typeof FAULT;
  /** Puts a step in front of the path: a field's name, or `[3]`. */
  within(step: string): typeof FAULT;
  take(): ShapeFault;
}

export function createFaultTrace(): FaultTrace {
  let fault: ShapeFault = { path: '', wanted: '', seen: '', reason: 'type' };
  return {
    fail(wanted, seen, reason = 'type') {
      fault = { path: '', wanted, seen, reason };
      return FAULT;
    },
    within(step) {
      const joint = fault.path === '' || fault.path.startsWith('[') || fault.path.startsWith('{') ? '' : '.';
      fault = { ...fault, path: `${step}${joint}${fault.path}` };
      return FAULT;
    },
    take: () => fault,
  };
}
