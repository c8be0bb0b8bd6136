import { configDocs } from '../../../src/config/docs';
import { configJsonSchema } from '../../../src/config/schema-guide';

describe('configDocs', () => {
  const docs = configDocs();

  it('has a section for every section of the configuration', () => {
    for (const section of Object.keys(configJsonSchema().properties ?? {})) expect(docs).toContain(`## \`${section}\``);
  });

  it('tells type, default, range and meaning of a key', () => {
    expect(docs).toContain(
      '| `judges[].timeoutMs` | integer | `20000` | at least 50, at most 600000 | Deadline of one call',
    );
    expect(docs).toContain('| `source.kafka.brokers` | list of string | **required** | at least 1 entries |');
    expect(docs).toContain(
      '| `source.kafka.sasl.mechanism` | `plain`, `scram-sha-256`, `scram-sha-512`, `oauthbearer` |',
    );
  });

  it('ends where a mapping rule holds mapping rules', () => {
    expect(docs).not.toContain('item.<name>.item');
  });
});
