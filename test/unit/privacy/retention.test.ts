import { readFileSync } from 'node:fs';
import { createTextSeal } from '../../../src/compose/evidence/text-seal';
import { verdictFromJson, verdictLine } from '../../../src/compose/codecs';
import { loadMonitorConfig } from '../../../src/compose/monitor-config';
import { MonitorError } from '../../../src/domain/error';
import { privacyOptions } from '../../../src/privacy/options';
import { createRetain } from '../../../src/privacy/retention';
import { buildInteraction } from '../../support/builders/interaction';
import { buildVerdict } from '../../support/builders/verdict';

const KEY = Buffer.alloc(32, 7);
const interaction = buildInteraction({ segments: { product: 'health' } });

function codeOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return error instanceof MonitorError ? error.code : 'another error';
  }
}

describe('what a verdict carries of its interaction', () => {
  it('is the redacted text by default, of every interaction', () => {
    expect(createRetain(privacyOptions.parse({}), null)(interaction, false).interaction).toBe(interaction);
  });

  it('may differ by segment; the first part that matches counts', () => {
    const { retain, retainIn } = privacyOptions.parse({
      retain: 'evidence',
      retainIn: [
        { where: { product: 'health', locale: 'de' }, retain: 'redacted' },
        { where: { product: 'health' }, retain: 'none' },
        { where: { product: 'health' }, retain: 'redacted' },
      ],
    });
    const keep = createRetain({ retain, retainIn }, null);
    expect(keep(interaction, true)).toEqual({ interaction: null, sealed: null });
    expect(keep(buildInteraction({ segments: { product: 'health', locale: 'de' } }), false).interaction).not.toBeNull();
    expect(keep(buildInteraction({ segments: { product: 'shop' } }), true).interaction).not.toBeNull();
    expect(keep(buildInteraction({ segments: { product: 'shop' } }), false).interaction).toBeNull();
  });
});

describe('text retained under a key', () => {
  const seal = createTextSeal(KEY);
  const keep = createRetain({ retain: 'encrypted', retainIn: [] }, (one) => seal.seal(one));
  const verdict = buildVerdict({ interactionId: interaction.interactionId, ...keep(interaction, false) });

  it('is nowhere in the verdict, and comes back whole with the key', () => {
    const line = verdictLine(verdict);
    expect(line).not.toContain(interaction.output.text);
    expect(verdict.interaction).toBeNull();
    expect(seal.open(verdictFromJson(line)).interaction).toEqual(interaction);
  });

  it('is refused with another key, when changed, and under the verdict of another interaction', () => {
    expect(codeOf(() => createTextSeal(Buffer.alloc(32, 8)).open(verdict))).toBe('POISONED_INPUT');
    const changed = Buffer.from(verdict.sealed ?? '', 'base64');
    changed[40] = (changed[40] ?? 0) ^ 1;
    expect(codeOf(() => seal.open({ ...verdict, sealed: changed.toString('base64') }))).toBe('POISONED_INPUT');
    expect(codeOf(() => seal.open({ ...verdict, interactionId: 'another' }))).toBe('POISONED_INPUT');
  });

  it('needs its key and one for the store, and the configuration says so', () => {
    const example = readFileSync('examples/plumbline.yaml', 'utf8');
    const text = example.replace('# retain: redacted', 'retain: encrypted');
    const loaded = loadMonitorConfig({
      text: { name: 'c.yaml', text },
      env: new Proxy({}, { getOwnPropertyDescriptor: () => ({ value: 'x', configurable: true }), get: () => 'x' }),
    });
    if (loaded.ok) throw new Error('it was accepted');
    expect(loaded.error.map(({ path }) => path).sort()).toEqual(['privacy.keyEnv', 'store.keyEnv']);
  });
});
