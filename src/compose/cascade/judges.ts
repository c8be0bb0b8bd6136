import type { MonitorConfig } from '../../config/config';
import type { Secrets } from '../../config/secrets';
import { createAnthropicClient } from '../../judge/client/anthropic';
import { type Endpoint, createEndpoint } from '../../judge/client/endpoint';
import { createGeminiClient } from '../../judge/client/gemini';
import { createOpenAiClient } from '../../judge/client/openai';
import { type Judge, resolveJudge } from '../../judge/judge';
import type { JudgeOptions } from '../../judge/options';
import type { Tracing } from '../../outputs/otel';
import type { Interaction } from '../../domain/interaction';
import { allowedFields, limitTo } from '../../privacy/allow-list';
import { systemClock } from '../../platform/clock';

export interface Judges {
  readonly judges: readonly Judge[];
  /** No call is begun any more; see `JudgeClient.leave`. */
  leave(): void;
  close(): Promise<void>;
}

const CLIENTS = { openai: createOpenAiClient, anthropic: createAnthropicClient, gemini: createGeminiClient };

/** A client per configured judge, each call traced. */
export function createJudges(
  config: Pick<MonitorConfig, 'judges' | 'models' | 'privacy'>,
  secrets: Secrets,
  tracing: Pick<Tracing, 'observeJudgeClient'>,
): Judges {
  const endpoints = createEndpoints(config.judges);
  const judges = config.judges.map((options) => {
    const endpoint = endpoints.get(endpointKey(options));
    const client = CLIENTS[options.provider](options, {
      ...(endpoint === undefined ? {} : { endpoint }),
      apiKey: options.apiKeyEnv === undefined ? null : secrets.get(options.apiKeyEnv),
    });
    const bare = resolveJudge(options, config.models, client);
    const identity = {
      judge: options.name,
      model: options.model,
      provider: options.provider,
      family: bare.family.family,
    };
    const fields = allowedFields(config.privacy.allow, options);
    return {
      ...bare,
      client: tracing.observeJudgeClient(client, identity),
      ...(fields === null ? {} : { show: (interaction: Interaction) => limitTo(interaction, fields) }),
    };
  });
  return {
    judges,
    leave: () => judges.forEach(({ client }) => client.leave()),
    close: async () => {
      await Promise.all(judges.map(({ client }) => client.close()));
    },
  };
}

/** Rate and health belong to an endpoint and a key, whichever judges stand behind them. */
function createEndpoints(judges: readonly JudgeOptions[]): Map<string, Endpoint> {
  const groups = new Map<string, JudgeOptions[]>();
  for (const judge of judges) groups.set(endpointKey(judge), [...(groups.get(endpointKey(judge)) ?? []), judge]);
  return new Map(
    [...groups].map(([key, members]) => {
      const requestsPerMinute = smallest(members.map((judge) => judge.requestsPerMinute));
      const tokensPerMinute = smallest(members.map((judge) => judge.tokensPerMinute));
      return [key, createEndpoint({ requestsPerMinute, tokensPerMinute }, () => systemClock.monotonicMs())];
    }),
  );
}

function endpointKey({ baseUrl, apiKeyEnv }: JudgeOptions): string {
  return `${baseUrl} ${apiKeyEnv ?? ''}`;
}

function smallest(limits: readonly (number | undefined)[]): number | undefined {
  const given = limits.flatMap((limit) => limit ?? []);
  return given.length === 0 ? undefined : Math.min(...given);
}
