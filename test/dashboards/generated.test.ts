import { generatedFiles, staleFiles } from '../../dashboards/build';

describe('generated rules, boards and runbooks', () => {
  it('are what the code says; run `npm run dashboards` otherwise', () => {
    expect(staleFiles(generatedFiles())).toEqual([]);
  });
});
