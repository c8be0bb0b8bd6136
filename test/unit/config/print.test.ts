import { printConfig } from '../../../src/config/print';
import { loadedText, SMALL_CONFIG } from '../../support/config-text';

describe('printConfig', () => {
  it('prints a file that loads to the same configuration', () => {
    const { config, hash } = loadedText(SMALL_CONFIG);
    const again = loadedText(printConfig(config));
    expect(again.hash).toBe(hash);
    expect(again.config).toEqual(config);
  });
});
