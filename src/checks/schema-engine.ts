import Ajv, { type Options } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats, { type FormatName } from 'ajv-formats';
import { RE2JS } from 're2js';

/** Draft 2020-12, with linear-time patterns and formats. */
export const newCurrent = (): Ajv => prepare(new Ajv2020(OPTIONS));
/** Draft-07 and before. */
export const newDraft7 = (): Ajv => prepare(new Ajv(OPTIONS));

const OPTIONS: Options = {
  strict: false,
  logger: false,
  validateFormats: true,
  verbose: true,
  code: { regExp: linearRegExp() },
};

function prepare(ajv: Ajv): Ajv {
  addFormats(ajv, { mode: 'fast', formats: FORMATS });
  // The built-in keyword compares all pairs: minutes on a long array.
  ajv.removeKeyword('uniqueItems');
  return ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (wanted: boolean, items: readonly unknown[]) =>
      !wanted || new Set(items.map((item) => JSON.stringify(item))).size === items.length,
  });
}

/** Those whose patterns are linear; other formats are annotations, as the standard has it. */
const FORMATS: FormatName[] = [
  'date',
  'time',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
  'uri',
];

function linearRegExp(): NonNullable<NonNullable<Options['code']>['regExp']> {
  const engine = (pattern: string): { test: (text: string) => boolean; toString: () => string } => {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
    // Ajv tells patterns apart by their text.
    return { test: (text) => compiled.matcher(text).find(), toString: () => pattern };
  };
  // Ajv asks for the source of the engine, which only standalone code would use.
  return Object.assign(engine, { code: 'undefined' });
}
