import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { renderFaults } from '../../../src/config/fault';
import { loadConfig } from '../../../src/config/load';

const FOLDER = join(__dirname, '../../../examples');
const examples = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

describe('examples', () => {
  it.each(examples)('%s loads without a fault and without any secret in the environment', (name) => {
    const loaded = loadConfig({ files: [join(FOLDER, name)], env: {} });
    expect(loaded.ok ? '' : renderFaults(loaded.error)).toBe('');
  });

  it('cover the plain configuration and two foreign record shapes', () => {
    expect(examples).toEqual(expect.arrayContaining(['plumbline.yaml', 'openai-log.yaml', 'gateway-log.yaml']));
  });
});
