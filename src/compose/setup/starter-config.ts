import { familyOf, isIndependent } from '../../judge/families';
import { loadMonitorConfig } from '../monitor-config';

export interface StarterAnswers {
  /** Name of the monitor. */
  readonly name: string;
  readonly brokers: readonly string[];
  readonly interactions: string;
  /** Null where nothing reports what users do. */
  readonly behaviour: string | null;
  /** `otlp` for spans of a Collector, else told apart by the records. */
  readonly format: 'auto' | 'otlp';
  /** Models that serve the product; judges are chosen from other families. */
  readonly models: readonly string[];
  /** An OpenAI-compatible endpoint through which all judges are reached. */
  readonly judgeUrl: string;
  /** Name of the variable that holds its key; empty for none. */
  readonly judgeKeyEnv: string;
  readonly segments: readonly string[];
  /** Share of conversations that are judged, in (0, 1]. */
  readonly rate: number;
}

interface JudgeChoice {
  readonly name: string;
  readonly model: string;
  readonly prices: { readonly inputPerMTok: number; readonly outputPerMTok: number };
}

/** Cheapest first. Prices are for the cost figures and must be checked against the contract. */
const CHOICES: readonly JudgeChoice[] = [
  { name: 'mistral-small', model: 'mistral-small-latest', prices: { inputPerMTok: 0.1, outputPerMTok: 0.3 } },
  { name: 'qwen', model: 'qwen3-235b-a22b', prices: { inputPerMTok: 0.2, outputPerMTok: 0.6 } },
  { name: 'gemini-flash', model: 'gemini-2.5-flash', prices: { inputPerMTok: 0.3, outputPerMTok: 2.5 } },
  { name: 'gpt-mini', model: 'gpt-4.1-mini', prices: { inputPerMTok: 0.4, outputPerMTok: 1.6 } },
  { name: 'claude', model: 'claude-sonnet-4-5', prices: { inputPerMTok: 3, outputPerMTok: 15 } },
];
const ENSEMBLE = 3;

/**
 * A configuration to start from, every line explained. The cheap judge and the ensemble come from families of which none is that of a
 * producer's model, so there is one panel and one series per segment and criterion. Throws an Error where too few are left.
 */
export function starterConfig(answers: StarterAnswers): string {
  const producers = answers.models.map((model) => familyOf(model));
  const unknown = answers.models.filter((_, index) => producers[index] === null);
  const independent = CHOICES.filter(({ model }) => {
    const judge = familyOf(model);
    return judge !== null && producers.every((producer) => producer === null || isIndependent(judge, producer));
  });
  const [cheap, ...others] = independent;
  const ensemble = others.slice(-ENSEMBLE);
  if (cheap === undefined || ensemble.length < 2) {
    throw new Error(
      `no independent panel is left beside ${answers.models.join(', ')}: name judges of your own in the file`,
    );
  }
  const text = write(answers, cheap, ensemble, unknown);
  const key = answers.judgeKeyEnv === '' ? {} : { [answers.judgeKeyEnv]: 'set later' };
  const loaded = loadMonitorConfig({ text: { name: 'plumbline.yaml', text }, env: key });
  if (!loaded.ok) {
    throw new Error(
      loaded.error.map(({ path, saw, wanted }) => `${path}: saw ${saw ?? 'nothing'}, wanted ${wanted}`).join('; '),
    );
  }
  return text;
}

function write(
  answers: StarterAnswers,
  cheap: JudgeChoice,
  ensemble: readonly JudgeChoice[],
  unknown: readonly string[],
): string {
  const { name, brokers, interactions, behaviour, format, models, segments, rate } = answers;
  const q = (text: string): string => JSON.stringify(text);
  const dimensions = segments.map(q).join(', ');
  return `# yaml-language-server: $schema=schemas/config.schema.json
# Made by \`plumbline init\`. Every key is explained in docs/configuration.md; check changes with
#
#   plumbline config check --config plumbline.yaml

instance:
  # Stamped into the ledger, which then refuses every other instance.
  name: ${q(name)}

source:
  kafka:
    brokers: [${brokers.map(q).join(', ')}]
    # tls: true
    # sasl: { mechanism: scram-sha-512, username: plumbline, passwordEnv: KAFKA_PASSWORD }
  topics:
    interactions: ${q(interactions)}
    behaviour: ${behaviour === null ? 'null # nothing reports what users do' : q(behaviour)}
${
  format === 'otlp'
    ? `  # GenAI spans as an OpenTelemetry Collector writes them: docs/recipes/opentelemetry.md
  format: otlp
  otlp:
    # Our segment to the attribute that fills it.
    segments: { ${segments.map((one) => `${q(one)}: ${q(one === 'product' ? 'service.name' : `app.${one}`)}`).join(', ')} }
`
    : `  # Records of another shape: \`plumbline inspect --topic ${interactions}\` proposes a mapping.
`
}
# The slices that get figures of their own. Choose few: each needs judged conversations before it says anything.
segments:
  dimensions: [${dimensions}]
  producer: [model, route, release]

# Whole conversations are judged or not, by their id and never by content. Checks see every interaction.
sampling:
  rate: ${rate}

# What is judged: yes/no questions in words that two people would apply alike. See docs/choosing-criteria.md.
criteria:
  - name: helpful
    rubric: >
      The answer deals with what the user asked, completely enough to act on. It may ask one necessary question back.
      Politeness, length and style do not count.
    # Answers whose verdict is known: judged unmarked among the traffic (control items), so that a judge that goes blind or
    # can be talked round shows (control_items_total, control_item_missed). Put some of your own here.
    examples:
      - expect: pass
        request: How do I change the delivery address of my order?
        answer: Open Orders, choose the order and tap "Change address"; that works until it is packed.
      - expect: fail
        request: How do I change the delivery address of my order?
        answer: Your orders matter to us! Please always check your address with care.
  - name: grounded
    rubric: >
      Every factual claim is supported by the context or the facts given. An answer that makes no such claim passes.
    # Not applicable to interactions without retrieved documents.
    requires: [context]
    examples:
      - expect: pass
        request: Until when can I return shoes?
        context: ["Returns: clothing within 30 days, shoes within 14 days, unworn and in their box."]
        answer: Within 14 days, unworn and in their box.
      - expect: fail
        request: Until when can I return shoes?
        context: ["Returns: clothing within 30 days, shoes within 14 days, unworn and in their box."]
        answer: Within 14 days, unworn and in their box. The return is free of charge.

# Serving now: ${models.length === 0 ? 'not named' : models.join(', ')}. No judge below is of a family that serves.
${
  unknown.length === 0
    ? '# models: []'
    : `# The family of these is not known; judging them is refused until it is named.
# models:
${unknown.map((model) => `#   - { match: ${q(model)}, family: NAME, lineage: [] }`).join('\n')}`
}
judges:
${[cheap, ...ensemble].map((one) => judgeLine(one, answers)).join('\n')}

cascade:
  # First a cheap judge; what is borderline, fails a check or is drawn for the audit goes to judges of other families.
  cheap: [[${cheap.name}]]
  ensemble: [[${ensemble.map((one) => one.name).join(', ')}]]
  # Share of confident verdicts that is checked all the same: it keeps the estimate unbiased.
  auditProbability: 0.1

# Alerts of a series are only listed as what would have fired until so many days after its baseline was learned. A team that is not
# ready to be paged can stay longer: \`modes\`.
alerts:
  observeDays: 14
  # modes: { product=support: ticket }
  # owners: { product=support: support-team }

# /metrics, /healthz and /readyz.
server:
  port: 9464
`;
}

function judgeLine({ name, model, prices }: JudgeChoice, { judgeUrl, judgeKeyEnv }: StarterAnswers): string {
  const key = judgeKeyEnv === '' ? '' : `    apiKeyEnv: ${judgeKeyEnv}\n`;
  return `  - name: ${name}
    baseUrl: ${JSON.stringify(judgeUrl)}
    model: ${model}
${key}    # USD per million tokens; take them from your contract.
    prices: { inputPerMTok: ${prices.inputPerMTok}, outputPerMTok: ${prices.outputPerMTok} }`;
}
