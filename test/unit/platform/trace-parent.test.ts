import { spanOrigin } from '../../../src/platform/trace-parent';

const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

describe('the trace context of a record', () => {
  it('is read from the headers of W3C Trace Context', () => {
    expect(spanOrigin({ traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'x=1' })).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      isSampled: true,
      traceState: 'x=1',
    });
    expect(spanOrigin({ traceparent: `00-${TRACE}-${SPAN}-00` })).toMatchObject({ isSampled: false, traceState: '' });
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['zero ids', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['the forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['too short', `00-${TRACE}-01`],
    ['longer without a separator', `00-${TRACE}-${SPAN}-01x`],
  ])('is none when it is %s', (_, traceparent) => {
    expect(spanOrigin(traceparent === undefined ? {} : { traceparent })).toBeNull();
  });

  it('drops a state that is longer than anyone has to pass on', () => {
    expect(spanOrigin({ traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'x'.repeat(513) })?.traceState).toBe('');
  });
});
