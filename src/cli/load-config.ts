import { configWarnings, loadMonitorConfig } from '../compose/monitor-config';
import { renderFaults } from '../config/fault';
import type { LoadedConfig } from '../config/load';
import type { CliIo } from './io';

/** The configuration, or null after every fault has been printed; the caller then ends with exit code 2. */
export function loadOrExplain(io: CliIo, files: readonly string[]): LoadedConfig | null {
  const loaded = loadMonitorConfig({ files, env: io.env });
  if (!loaded.ok) {
    io.stderr(renderFaults(loaded.error));
    return null;
  }
  for (const { path, message } of configWarnings(loaded.value.config)) {
    io.stderr(`warning: ${path.join('.')}: ${message}\n`);
  }
  return loaded.value;
}
