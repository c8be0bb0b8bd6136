import type { LoadedConfig } from '../../config/load';
import { createRecordCodec } from '../../decode/avro-codec';
import { MonitorError } from '../../domain/error';
import type { Interaction } from '../../domain/interaction';
import type { Verdict } from '../../domain/verdict';
import { createBodyCodec } from '../../store/body-codec';

/** Text of interactions under the operator's key. */
export interface TextSeal {
  /** Base64. */
  readonly seal: (interaction: Interaction) => string;
  /** The verdict with its text; as it is where it holds none. Throws POISONED_INPUT where it is another's, or changed. */
  open(verdict: Verdict): Verdict;
}

const interactions = createRecordCodec('interaction');

/** Null without `privacy.keyEnv`. Throws CONFIG_INVALID for a key of another length than 32 bytes. */
export function textSealOf({ config, secrets }: Pick<LoadedConfig, 'config' | 'secrets'>): TextSeal | null {
  const { keyEnv } = config.privacy;
  if (keyEnv === undefined) return null;
  return createTextSeal(Buffer.from(secrets.get(keyEnv), 'base64'));
}

export function createTextSeal(key: Buffer): TextSeal {
  const codec = createBodyCodec(key);
  return {
    seal: (interaction) => Buffer.from(codec.seal(JSON.stringify(interactions.toJson(interaction)))).toString('base64'),
    open(verdict) {
      if (verdict.sealed === null) return verdict;
      const opened = interactions.fromJson(unsealed(verdict));
      if (!opened.ok || opened.value.interactionId !== verdict.interactionId) throw foreign(verdict);
      return { ...verdict, interaction: opened.value, sealed: null };
    },
  };

  function unsealed(verdict: Verdict): unknown {
    try {
      return JSON.parse(codec.open(Buffer.from(verdict.sealed ?? '', 'base64')));
    } catch (cause) {
      throw foreign(verdict, cause);
    }
  }
}

function foreign({ verdictId }: Verdict, cause?: unknown): MonitorError {
  const message = `the sealed text of verdict ${verdictId} cannot be opened: another key, or not what was written`;
  return new MonitorError('POISONED_INPUT', message, { cause });
}
