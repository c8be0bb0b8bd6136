import type { ConfigDisk } from '../../src/config/include';
import { loadConfig } from '../../src/config/load';
import type { LoadedConfig, LoadOptions } from '../../src/config/load';

/** The smallest configuration that loads; add sections after it. */
export const SMALL_CONFIG = `
instance: { name: test }
criteria:
  - { name: helpful, rubric: Did it help? }
judges:
  - { name: one, baseUrl: http://127.0.0.1/v1, model: mistral-small }
  - { name: two, baseUrl: http://127.0.0.1/v1, model: gpt-4o }
cascade: { cheap: [[one]], ensemble: [[one, two]] }
`;

/** Files in memory, by path. */
export function memoryDisk(files: Readonly<Record<string, string>>): ConfigDisk {
  return {
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
    listDirectory: (path) =>
      Object.keys(files)
        .filter((file) => file.startsWith(`${path}/`))
        .map((file) => file.slice(path.length + 1)),
  };
}

export function loadText(text: string, options: Partial<LoadOptions> = {}): ReturnType<typeof loadConfig> {
  return loadConfig({ text: { name: 'plumbline.yaml', text }, env: {}, ...options });
}

export function loadedText(text: string, options: Partial<LoadOptions> = {}): LoadedConfig {
  const loaded = loadText(text, options);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

/** `line path` of every fault. */
export function faultPlaces(text: string, options: Partial<LoadOptions> = {}): string[] {
  const loaded = loadText(text, options);
  return loaded.ok ? [] : loaded.error.map((fault) => `${fault.line} ${fault.path}`);
}
