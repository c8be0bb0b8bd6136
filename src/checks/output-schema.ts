import type { ErrorObject } from 'ajv';
import { outcomesOf } from './outcome';
import type { DocumentedCheck } from './port';
import { createSchemaCompiler } from './schema-compiler';

const NAME = 'output_schema';
const VERSION = 1;
const { pass, fail, notApplicable } = outcomesOf(NAME, VERSION);

/** Parsing and validating block the process; longer answers are left to other checks. */
const LONGEST_TEXT = 256 * 1024;

/** Holds a cache of compiled schemas; otherwise pure. */
export function createOutputSchemaCheck(): DocumentedCheck {
  const schemaOf = createSchemaCompiler();
  return {
    name: NAME,
    version: VERSION,
    meaning: 'The answer is JSON that satisfies the JSON Schema it was asked for (`output_schema`).',
    example: 'An answer without a required property fails with detail `keyword=required`; prose fails with `not_json`.',
    falsePositives:
      'None known. A value that redaction replaced is not held against the schema; an invalid or too costly schema is not applicable.',
    run: ({ outputSchema, output }) => {
      if (outputSchema === null || outputSchema === undefined) return notApplicable();
      if (output.text === '' && (output.toolCalls.length > 0 || output.refusal !== null))
        return notApplicable('no_text');
      if (output.text.length > LONGEST_TEXT) return notApplicable('too_large');
      const schema = schemaOf(outputSchema);
      if (!schema.ok) return notApplicable(schema.reason);
      let value: unknown;
      try {
        value = JSON.parse(output.text);
      } catch {
        return fail(/^\s{0,20}```/.test(output.text) ? 'fenced_json' : 'not_json');
      }
      try {
        if (schema.validate(value) === true) return pass();
      } catch {
        // Recursion of the schema along very deep data; the stack is whole again here.
        return notApplicable('too_deep');
      }
      const errors = schema.validate.errors ?? [];
      if (errors.some(isAboutRedaction)) return notApplicable('redacted_value');
      return fail(`keyword=${errors[0]?.keyword ?? 'false schema'}`);
    },
  };
}

const PLACEHOLDER = /\[[a-z][a-z0-9_]{0,31}\]/;

function isAboutRedaction(error: ErrorObject): boolean {
  return typeof error.data === 'string' && PLACEHOLDER.test(error.data);
}
