/** One metric of a page with its samples. */
export interface MetricFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** With the suffix of its kind, e.g. `…_bucket`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? (\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPED: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/** Reads a page that we wrote; exemplars are left out. Lines of no known shape are skipped. */
export function readOpenMetrics(page: string): MetricFamily[] {
  const families: (MetricFamily & { readonly samples: Sample[] })[] = [];
  let help = '';
  for (const line of page.split('\n')) {
    if (line.startsWith('# HELP ')) help = line.slice(line.indexOf(' ', 7) + 1);
    else if (line.startsWith('# TYPE ')) {
      const [, , name = '', type = ''] = line.split(' ');
      families.push({ name, type, help, samples: [] });
    } else {
      const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
      if (name !== undefined) families.at(-1)?.samples.push({ name, labels: readLabels(labels), value: Number(value) });
    }
  }
  return families;
}

function readLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name, value]) => [
      name!,
      value!.replaceAll(/\\[n"\\]/g, (escape) => ESCAPED[escape]!),
    ]),
  );
}
