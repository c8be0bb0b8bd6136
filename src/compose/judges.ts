import type { MonitorConfig } from '../config/config';
import type { Secrets } from '../config/secrets';
import { createOpenAiClient } from '../judge/client/openai';
import { type Judge, resolveJudge } from '../judge/judge';
import type { Tracing } from '../outputs/otel';

export interface Judges {
  readonly judges: readonly Judge[];
  close(): Promise<void>;
}

/** A client per configured judge, each call traced. */
export function createJudges(
  config: Pick<MonitorConfig, 'judges' | 'models'>,
  secrets: Secrets,
  tracing: Tracing,
): Judges {
  const judges = config.judges.map((options) => {
    const client = createOpenAiClient(options, {
      apiKey: options.apiKeyEnv === undefined ? null : secrets.get(options.apiKeyEnv),
    });
    const bare = resolveJudge(options, config.models, client);
    const identity = {
      judge: options.name,
      model: options.model,
      provider: options.provider,
      family: bare.family.family,
    };
    return { ...bare, client: tracing.observeJudgeClient(client, identity) };
  });
  return {
    judges,
    close: async () => {
      await Promise.all(judges.map(({ client }) => client.close()));
    },
  };
}
