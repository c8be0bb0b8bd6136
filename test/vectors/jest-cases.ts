import { mustHaveAll, readVectorFile, runSuite, vectorFolder, type VectorSuite } from './suite';

/** Declares one jest test per case of the suite's file; an absent file is skipped with a line saying so. */
export function testVectors(suite: VectorSuite): void {
  describe(`reference vectors of ${suite.file}`, () => {
    const content = readVectorFile(suite.file);
    if (content === null) {
      const reason = `${suite.file} skipped: not in ${vectorFolder()} (set PLUMBLINE_VECTORS)`;
      if (mustHaveAll()) {
        it('are there', () => {
          throw new Error(reason);
        });
      } else {
        process.stderr.write(`${reason}\n`);
        it.skip(reason, () => undefined);
      }
      return;
    }
    it.each(runSuite(suite, content).map((result) => [result.name, result] as const))('%s', (_name, result) => {
      expect(result.differences.slice(0, 10)).toEqual([]);
    });
  });
}
