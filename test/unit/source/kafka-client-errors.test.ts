import { MonitorError } from '../../../src/domain/error';
import { isRefused, isUndecodable, toMonitorError } from '../../../src/source/kafka-client-errors';

const failed = { brokers: ['a:9092', 'b:9092'], action: 'join the group g' };

function failure(message: string, fields: object = {}, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), fields);
}

describe('a failure of kafkajs', () => {
  it.each([
    ['an authentication', failure('no', { name: 'KafkaJSSASLAuthenticationError' }), 'KAFKA_DENIED'],
    ['an authorization', failure('no', { type: 'GROUP_AUTHORIZATION_FAILED' }), 'KAFKA_DENIED'],
    ['a topic that is not there', failure('no', { type: 'UNKNOWN_TOPIC_OR_PARTITION' }), 'TOPIC_MISSING'],
    ['a refused connection', failure('no', { code: 'ECONNREFUSED' }), 'KAFKA_UNREACHABLE'],
    ['a timeout', failure('no', { name: 'KafkaJSRequestTimeoutError' }), 'KAFKA_UNREACHABLE'],
    ['a lack of replicas', failure('no', { type: 'NOT_ENOUGH_REPLICAS' }), 'KAFKA_UNREACHABLE'],
    ['something else', failure('no'), 'INTERNAL'],
    ['no error at all', 'a string', 'INTERNAL'],
  ])('that is %s at the bottom of its causes has a code', (_case, cause, code) => {
    expect(toMonitorError(failure('outer', {}, failure('middle', {}, cause)), failed).code).toBe(code);
  });

  it('says what could not be done, where, and the innermost reason', () => {
    const error = toMonitorError(
      failure('outer', {}, failure('connect ECONNREFUSED', { code: 'ECONNREFUSED' })),
      failed,
    );
    expect(error.message).toBe('cannot join the group g (brokers a:9092, b:9092): connect ECONNREFUSED');
    expect(error.retriable).toBe(true);
  });

  it('prefers a denial to whatever it led to, and looks into collections', () => {
    const denial = failure('not you', { type: 'TOPIC_AUTHORIZATION_FAILED' });
    const error = toMonitorError(
      failure('all failed', { errors: [failure('x', { code: 'ECONNRESET' }), denial] }),
      failed,
    );
    expect(error).toMatchObject({ code: 'KAFKA_DENIED', message: expect.stringContaining('not you') as string });
  });

  it('gives back what we threw inside of kafkajs', () => {
    const ours = new MonitorError('POISONED_INPUT', 'a batch');
    expect(toMonitorError(failure('wrapped', {}, ours), failed)).toBe(ours);
  });

  it('ends on causes that go in a circle', () => {
    const one = failure('one');
    one.cause = failure('two', {}, one);
    expect(toMonitorError(one, { ...failed, otherwise: 'CONSUMER_CRASHED' }).code).toBe('CONSUMER_CRASHED');
  });

  it('tells what can never be read and what is never taken', () => {
    expect(isUndecodable(failure('x', {}, new RangeError('stack')))).toBe(true);
    expect(isUndecodable(failure('x'))).toBe(false);
    expect(isRefused(failure('x', {}, failure('y', { type: 'MESSAGE_TOO_LARGE' })))).toBe(true);
    expect(isRefused(failure('x', { type: 'REQUEST_TIMED_OUT' }))).toBe(false);
  });
});
