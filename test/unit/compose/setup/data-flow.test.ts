import { dataFlow } from '../../../../src/compose/setup/data-flow';
import { loadedText } from '../../../support/config-text';

const CONFIG = `
instance: { name: test, region: eu-west }
source: { kafka: { brokers: ['kafka:9092'] } }
privacy:
  retain: none
  retainIn: [{ where: { product: support }, retain: redacted }]
  allow: [{ regions: [us-east], fields: [request] }]
criteria:
  - { name: helpful, rubric: Did it help? }
  - { name: grounded, rubric: Is it supported?, needs: [context] }
judges:
  - { name: one, baseUrl: https://judge.example/v1, model: mistral-small }
  - { name: two, baseUrl: https://far.example/v1, model: gpt-4o, region: us-east }
cascade: { cheap: [[one]], ensemble: [[one, two]] }
`;

describe('what leaves for where', () => {
  const { config } = loadedText(CONFIG);
  const to = (what: string): ReturnType<typeof dataFlow>[number] | undefined =>
    dataFlow(config).find((flow) => flow.what.startsWith(what));

  it('names each judge with the fields that its criteria need', () => {
    expect(to('judge one')).toEqual({
      to: 'judge.example',
      region: null,
      what: 'judge one (mistral-small)',
      fields: ['answer', 'request', 'messages', 'context'],
    });
  });

  it('leaves out what a rule keeps from a judge', () => {
    expect(to('judge two')).toMatchObject({ region: 'us-east', fields: ['answer', 'request'] });
  });

  it('says where text lies, and where it is kept otherwise than elsewhere', () => {
    expect(to('topic plumbline.verdicts')).toMatchObject({ to: 'kafka:9092', region: 'eu-west' });
    expect(to('topic plumbline.verdicts')?.fields).toContain('redacted in product=support');
    expect(to('topic plumbline.ledger')?.fields.join(' ')).not.toContain('text');
  });
});
