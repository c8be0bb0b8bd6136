import { recordedModel, type RecordedRow } from '../../test/support/recorded-judges';

/** The independent panel of the cascade replay: none of its families made any of the recorded answers. */
const CHEAP = { judge: 'Mixtral-8x7B-Instruct-v0.1', prompt: 'p1' };
const ENSEMBLE = [
  { judge: 'claude-3-opus-20240229', prompt: 'p1' },
  { judge: 'gemini-1.0-pro-001', prompt: 'p1' },
  { judge: 'Qwen1.5-14B-Chat', prompt: 'p1' },
];

interface Judge {
  readonly judge: string;
  readonly prompt: string;
}

/** Every judge × prompt that was recorded. */
export function recordedJudgesOf(rows: readonly RecordedRow[]): Judge[] {
  const found = new Map<string, Judge>();
  for (const { judge, prompt } of rows.flatMap((row) => row.verdicts))
    found.set(recordedModel({ judge, prompt }), { judge, prompt });
  return [...found.values()];
}

/** How a recorded row becomes an interaction, by configuration alone. */
const MAPPING = `
  mapping:
    fields:
      interaction_id: item_id
      occurred_at: { const: 1700000000000 }
      producer:
        object:
          provider: { path: response_model, map: { gpt-4-0613: openai, Llama-2-70b-chat-hf: meta } }
          model: response_model
      segments: { object: { task: task } }
      input: { list: [{ object: { role: { const: user }, content: prompt } }] }
      output: { object: { text: response } }`;

const LABELS = `
replay:
  labels:
    criterion: no_error
    interactionId: item_id
    value: human_label
    pass: [no_error]
    fail: [error]`;

const CRITERION = `
criteria:
  - name: no_error
    rubric: Does the answer follow every instruction of the request and state no false fact?`;

const PANELS = `
  cheap: [[${judgeName(CHEAP)}]]
  ensemble: [[${ENSEMBLE.map(judgeName).join(', ')}]]`;

/** What is judged and by whom, families enforced, everything sampled: the same for files and for Kafka. */
function judging(baseUrl: string): string {
  return `segments: { dimensions: [task] }
sampling: { rate: 1 }
${CRITERION}
judges:${[CHEAP, ...ENSEMBLE].map((judge) => judgeYaml(judge, baseUrl)).join('')}
cascade:${PANELS}
telemetry: { logLevel: warn }`;
}

/** The cascade as one would configure it for this traffic. */
export function cascadeConfig(baseUrl: string): string {
  return `instance: { name: replay }
source:${MAPPING}
${judging(baseUrl)}
${LABELS}
`;
}

/** Every recorded judge and prompt as a reading of its own, to count what of it is readable. */
export function auditConfig(baseUrl: string, rows: readonly RecordedRow[]): string {
  const judges = recordedJudgesOf(rows);
  return `instance: { name: audit }
source:${MAPPING}
segments: { dimensions: [task] }
sampling: { rate: 1 }
${CRITERION}
judges:${judges.map((judge) => judgeYaml(judge, baseUrl)).join('')}
cascade:
  cheap: [[${judges.map(judgeName).join(', ')}]]
  ensemble: [[${ENSEMBLE.map(judgeName).join(', ')}]]
  independence: observe
  deadlineMs: 600000
telemetry: { logLevel: warn }
`;
}

/** The same cascade on Kafka: Avro with a registry, no mapping. */
export function kafkaConfig(baseUrl: string, kafka: KafkaNames): string {
  return `instance: { name: replay, topicPrefix: ${kafka.prefix}, groupPrefix: ${kafka.prefix} }
source:
  kafka: { brokers: [${kafka.brokers.map((broker) => JSON.stringify(broker)).join(', ')}] }
  topics: { interactions: ${kafka.topic}, behaviour: null }
  registry: { url: ${kafka.registryUrl} }
${judging(baseUrl)}
server: { host: 127.0.0.1, port: ${kafka.port}, apiPort: ${kafka.apiPort} }
`;
}

export interface KafkaNames {
  readonly brokers: readonly string[];
  readonly prefix: string;
  readonly topic: string;
  readonly registryUrl: string;
  readonly port: number;
  readonly apiPort: number;
}

/** Judges are named as the models are; `@` stands between judge and prompt, which names do not allow. */
export function judgeName({ judge, prompt }: Judge): string {
  return `${judge}.${prompt}`;
}

function judgeYaml(judge: Judge, baseUrl: string): string {
  return `
  - { name: ${judgeName(judge)}, baseUrl: "${baseUrl}", model: "${recordedModel(judge)}", maxConcurrent: 8, timeoutMs: 120000 }`;
}
