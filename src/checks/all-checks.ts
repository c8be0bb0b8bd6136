import type { ChecksOptions } from './options';
import { degenerate } from './degenerate';
import { createToolClaimsCheck } from './claims/tool-claims';
import { unknownTool } from './claims/unknown-tool';
import { encodingDamage } from './encoding-damage';
import { finishReason } from './finish-reason';
import { injection } from './injection';
import { createGroundingCheck } from './grounding/grounding';
import { languageSwitch } from './language-switch';
import { createLengthCheck } from './length';
import { nonEmpty } from './non-empty';
import { createOutputSchemaCheck } from './output-schema';
import type { DocumentedCheck } from './port';
import { partialRefusal } from './partial-refusal';
import { refusal } from './refusal';
import { createRepetitionCheck } from './repetition';
import { selfContradiction } from './self-contradiction';
import { toolArguments } from './tool-arguments';
import { truncated } from './truncated';

/** Every built-in check, in the order in which verdicts and docs list them. */
export function allChecks(options: ChecksOptions): readonly DocumentedCheck[] {
  return [
    nonEmpty,
    createLengthCheck(options),
    finishReason,
    truncated,
    refusal,
    partialRefusal,
    selfContradiction,
    createRepetitionCheck(options),
    languageSwitch,
    encodingDamage,
    createOutputSchemaCheck(),
    toolArguments,
    unknownTool,
    createToolClaimsCheck(options),
    createGroundingCheck(options),
    degenerate,
    injection,
  ];
}
