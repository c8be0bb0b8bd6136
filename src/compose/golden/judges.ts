import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { MonitorConfig } from '../../config/config';
import type { LoadedConfig } from '../../config/load';
import type { GoldenVariant } from '../../domain/golden';
import type { JudgeAnswer } from '../../domain/verdict';
import { probedInteraction, probedRequest } from '../../golden/probes';
import type { GoldenJudge, ShownItem } from '../../golden/run';
import type { GoldenItem } from '../../golden/set';
import { type Ask, createAsk } from '../../judge/ask';
import type { JudgeCallListener } from '../../judge/cascade-port';
import { familyOf } from '../../judge/families';
import { createNonceSource } from '../../judge/fence';
import { groupCriteria } from '../../judge/groups';
import type { Judge } from '../../judge/judge';
import { isApplicable, missingNeed } from '../../judge/needs';
import type { CriterionOptions, JudgeOptions } from '../../judge/options';
import { promptHash, rubricsHash, systemPrompt } from '../../judge/prompt';
import { createLogger } from '../../outputs/log';
import { startTracing, type Tracing } from '../../outputs/otel';
import { systemClock } from '../../platform/clock';
import type { Closers } from '../closers';
import { createJudges } from '../cascade/judges';
import { programVersion } from '../version';

export interface GoldenJudges {
  of(variant: GoldenVariant): readonly GoldenJudge[];
  close(): Promise<void>;
}

/**
 * The configured judges as golden runs ask them: past the cache, whatever the family of the model that answered, and
 * over connections and limits of their own, so that traffic neither delays them nor is delayed.
 */
export function createGoldenJudges(
  { config, secrets }: LoadedConfig,
  tracing: Pick<Tracing, 'observeJudgeClient'>,
  onCall: JudgeCallListener,
): GoldenJudges {
  const created = createJudges({ ...config, judges: goldenShare(config) }, secrets, tracing);
  const ask = createAsk({
    monotonicMs: () => systemClock.monotonicMs(),
    drawNonce: createNonceSource(randomUUID),
    onCall,
    inputBudgetChars: config.cascade.inputBudgetChars,
  });
  return {
    of: (variant) => created.judges.map((judge) => goldenJudge(probing(judge, variant), variant, config, ask)),
    close: () => created.close(),
  };
}

/** The same for one command without a server: with tracing of their own, closed with it. */
export async function openGoldenJudges(
  loaded: LoadedConfig,
  closers: Closers,
  onCall: JudgeCallListener = () => {},
): Promise<GoldenJudges> {
  const { telemetry, instance } = loaded.config;
  const logger = createLogger({ level: telemetry.logLevel, secretValues: loaded.secrets.values() });
  const tracing = await startTracing({ ...telemetry, instance: instance.name, version: programVersion(), logger });
  closers.add(() => tracing.shutdown());
  const judges = createGoldenJudges(loaded, tracing, onCall);
  closers.add(() => judges.close());
  return judges;
}

/** Hash over the wording of the prompt and what the criteria mean. */
export function goldenPromptHash(config: MonitorConfig): string {
  return `${promptHash()}-${rubricsHash(config.criteria)}`;
}

export function producerFamilyOf(config: MonitorConfig): (item: GoldenItem) => string | null {
  return ({ interaction }) => familyOf(interaction.producer.model, config.models)?.family ?? null;
}

export function passAtOf(config: MonitorConfig): ReadonlyMap<string, number> {
  return new Map(config.criteria.map(({ name, passAt }) => [name, passAt]));
}

/** What traffic may use of each judge while golden runs have their share. */
export function trafficShare(config: MonitorConfig): readonly JudgeOptions[] {
  const { set, share } = config.golden;
  return set === undefined ? config.judges : config.judges.map((judge) => scaled(judge, 1 - share));
}

function goldenShare({ judges, golden }: MonitorConfig): readonly JudgeOptions[] {
  return judges.map((judge) => {
    const own = scaled(judge, golden.share);
    return { ...own, maxConcurrent: Math.min(own.maxConcurrent, golden.concurrency) };
  });
}

function scaled(judge: JudgeOptions, share: number): JudgeOptions {
  const { requestsPerMinute, tokensPerMinute } = judge;
  return {
    ...judge,
    maxConcurrent: Math.max(1, Math.round(judge.maxConcurrent * share)),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute: requestsPerMinute * share }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute: tokensPerMinute * share }),
  };
}

function probing(judge: Judge, variant: GoldenVariant): Judge {
  const { client } = judge;
  if (variant !== 'swapped') return judge;
  return {
    ...judge,
    client: { ...client, complete: (request, signal) => client.complete(probedRequest(request, variant), signal) },
  };
}

function goldenJudge(judge: Judge, variant: GoldenVariant, config: MonitorConfig, ask: Ask): GoldenJudge {
  const { options, family } = judge;
  return {
    name: options.name,
    family: family.family,
    model: options.model,
    async ask(item, signal) {
      // Every call of every lane listens; how many there are is configuration, not a leak.
      setMaxListeners(0, signal);
      const interaction = probedInteraction(item.interaction, variant);
      const answers = new Map<string, JudgeAnswer>();
      for (const criteria of groupsFor(item, config)) {
        const some = await ask(judge, { interaction, criteria, fresh: true, ...rivalOf(item) }, signal);
        for (const [criterion, answer] of some) answers.set(criterion, answer);
      }
      return answers;
    },
    boundUsd: (item) =>
      groupsFor(item, config).reduce((sum, criteria) => sum + callBoundUsd(item, criteria, options), 0),
  };
}

function rivalOf({ rival }: ShownItem): Pick<ShownItem, 'rival'> {
  return rival === undefined ? {} : { rival };
}

function groupsFor(
  { interaction }: ShownItem,
  { criteria, cascade }: MonitorConfig,
): readonly (readonly CriterionOptions[])[] {
  const judged = criteria.filter((one) => isApplicable(one, interaction) && missingNeed(one, interaction) === null);
  return [...groupCriteria(judged, cascade.grouping).values()];
}

/** Fences and nonces around the fields of an item. */
const FRAME_CHARS = 4_000;

/** One token a character is more than any tokenizer makes of a text in the long run; an answer ends at its limit. */
function callBoundUsd(
  item: ShownItem,
  criteria: readonly CriterionOptions[],
  { prices, maxOutputTokens }: JudgeOptions,
): number {
  const input = systemPrompt(criteria).length + JSON.stringify(item).length + FRAME_CHARS;
  return (input * prices.inputPerMTok + maxOutputTokens * prices.outputPerMTok) / 1e6;
}
