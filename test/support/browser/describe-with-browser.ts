import { type Browser, chromium } from 'playwright-core';
import { findOnPath, skipLoudly } from '../kafka/availability';

/** As Debian's package names it; `PLUMBLINE_CHROMIUM` is the path of another one. */
export const CHROMIUM = process.env['PLUMBLINE_CHROMIUM'] ?? findOnPath('chromium');
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
] as const;
/** A browser on a busy machine takes its time. */
const TEST_TIMEOUT_MS = 180_000;

/**
 * A `describe` whose tests drive a real browser; where there is none it is skipped with a line on stderr. `browser()` may
 * be called in hooks and tests. Sets the file's test timeout to 180 s.
 */
export function describeWithBrowser(title: string, declare: (browser: () => Browser) => void): void {
  if (CHROMIUM === undefined) {
    skipLoudly(title, { kind: 'none', why: 'PLUMBLINE_CHROMIUM is unset and chromium is not on PATH' });
    return describe.skip(title, () =>
      declare(() => {
        throw new Error('no browser');
      }),
    );
  }
  describe(title, () => {
    jest.setTimeout(TEST_TIMEOUT_MS);
    let opened: Browser | undefined;
    beforeAll(async () => {
      opened = await chromium.launch({
        executablePath: CHROMIUM,
        args: [...CHROMIUM_FLAGS],
      });
    });
    declare(() => {
      if (opened === undefined) throw new Error('the browser is not open yet');
      return opened;
    });
    afterAll(() => opened?.close());
  });
}
