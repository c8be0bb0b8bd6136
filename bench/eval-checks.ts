/**
 * What the deterministic checks and the redaction are worth on real text: `npm run -s eval:checks -- [--json] [--quick]
 * [--fuzz N]`. Reads rows from PLUMBLINE_DATA (default ../shared/data); prints counts and shares, never text of a row.
 */
import { runScript } from './support/script';
import { runCompiled } from './support/snapshot';

runScript(() => runCompiled('eval-checks/main.js'));
