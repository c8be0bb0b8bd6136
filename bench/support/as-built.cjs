'use strict';
/**
 * Loads TypeScript as the compiler emits it for the product, types unchecked: `node --require ./bench/support/as-built.cjs`.
 * tsx, which runs the other scripts, gives every closure a name as it is made and every import a getter; a fold
 * of the ledger takes a tenth to a fifth longer with those, and the product has neither.
 */
const { readFileSync } = require('node:fs');
const { transpileModule, ModuleKind, ScriptTarget } = require('typescript');

const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2023, esModuleInterop: true };

require.extensions['.ts'] = (module, filename) => {
  const { outputText } = transpileModule(readFileSync(filename, 'utf8'), { compilerOptions, fileName: filename });
  module._compile(outputText, filename);
};
