import { catalogueMarkdown } from '../../../src/checks/catalogue-markdown';
import { checkCatalogue, checkOptionFaults, createChecks, runChecks } from '../../../src/checks/create-checks';
import { checksOptions } from '../../../src/checks/options';
import { buildInteraction } from '../../support/builders/interaction';

describe('the list of checks', () => {
  it('names each check once, with a version and all that its page needs', () => {
    const catalogue = checkCatalogue();
    expect(new Set(catalogue.map((check) => check.name)).size).toBe(catalogue.length);
    for (const check of catalogue) {
      expect(check.name).toMatch(/^[a-z][a-z_]+$/);
      expect(check.version).toBeGreaterThanOrEqual(1);
      for (const text of [check.meaning, check.example, check.falsePositives]) expect(text).toMatch(/\S.*\.$/s);
    }
  });

  it('leaves out what is switched off', () => {
    const names = createChecks(checksOptions.parse({ disable: ['refusal'] })).map((check) => check.name);
    expect(names).toHaveLength(checkCatalogue().length - 1);
    expect(names).not.toContain('refusal');
  });

  it('gives one result per check, in order, under its name and version', () => {
    const checks = createChecks(checksOptions.parse({}));
    const results = runChecks(checks, buildInteraction());
    expect(results.map(({ check, version }) => [check, version])).toEqual(checks.map((c) => [c.name, c.version]));
    expect(results.filter((result) => result.result === 'fail')).toEqual([]);
  });

  it('escalates by default only on checks that exist', () => {
    expect(checkOptionFaults(checksOptions.parse({}))).toEqual([]);
  });

  it('reports unknown names and limits that exclude every answer', () => {
    const options = checksOptions.parse({
      disable: ['typo'],
      escalateOn: ['non_empty', 'other'],
      minLength: 9,
      maxLength: 8,
    });
    expect(checkOptionFaults(options).map((fault) => fault.option)).toEqual(['disable', 'escalateOn', 'minLength']);
    expect(checkOptionFaults(options)[0]?.problem).toContain('`typo`');
  });

  it('makes a page with a section for every check', () => {
    const page = catalogueMarkdown(checkCatalogue());
    for (const check of checkCatalogue()) expect(page).toContain(`## \`${check.name}\`\n\n${check.meaning}`);
    expect(page.endsWith('\n')).toBe(true);
  });
});
