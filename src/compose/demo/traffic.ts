import { partitionOf } from '../../outputs/kafka-murmur2';
import { systemClock } from '../../platform/clock';
import { silentLogger } from '../../platform/logger';
import { pause } from '../../platform/pause';
import { DEMO_JUDGES } from '../../simulate/demo-setup';
import { startJudgeEndpoint } from '../../simulate/judge-endpoint';
import { paceTraffic } from '../../simulate/paced';
import { type ScenarioName, SCENARIOS } from '../../simulate/scenario';
import { type SimulatedRecord, simulateTraffic } from '../../simulate/traffic';
import { openTopicProducer, type ProducedRecord } from '../../source/kafka-client-producer';
import { kafkaOptions } from '../../source/options';
import { closingAfter } from '../closers';

export interface DemoTrafficRequest {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly interactions: number;
  readonly recordsPerSecond: number;
  readonly brokers: readonly string[];
  readonly topics: { readonly interactions: string; readonly behaviour: string };
  /** Port on which the simulated judges answer, on every address; null = nobody judges here. */
  readonly judgesPort: number | null;
  readonly signal: AbortSignal;
  /** Called about once a second with the number of records sent so far. */
  readonly onSent: (records: number) => void;
}

const TICK_MS = 200;
/** Records of a simulated conversation, interactions and behaviour together, on average. */
const RECORDS_A_CONVERSATION = 1.85;

/**
 * SIMULATED traffic for a monitor elsewhere: the scenario's records to its topics as their time comes, and its judges behind one
 * OpenAI-compatible endpoint. Resolves with the number of records when the story is told or the signal comes. Rejects as
 * `openTopicProducer`.
 */
export async function sendDemoTraffic(request: DemoTrafficRequest): Promise<number> {
  const { brokers, topics, judgesPort, signal, recordsPerSecond } = request;
  return closingAfter(async (closers) => {
    if (judgesPort !== null) {
      const judges = await startJudgeEndpoint(DEMO_JUDGES, request.seed, { host: '0.0.0.0', port: judgesPort });
      closers.add(() => judges.close());
    }
    const access = { kafka: kafkaOptions.parse({ brokers }), environment: {}, logger: silentLogger };
    const producers = {
      interactions: await openTopicProducer(access, topics.interactions),
      behaviour: await openTopicProducer(access, topics.behaviour),
    };
    closers.add(async () => {
      await Promise.all([producers.interactions.close(), producers.behaviour.close()]);
    });
    const traffic = paceTraffic(
      simulateTraffic({
        seed: request.seed,
        scenario: SCENARIOS[request.scenario],
        interactions: request.interactions,
        startAt: systemClock.now(),
        gapMs: (1000 * RECORDS_A_CONVERSATION) / recordsPerSecond,
      }),
    );
    let sent = 0;
    for (let tick = 0; !signal.aborted && !traffic.isOver(); tick += 1) {
      const due = traffic.due(systemClock.now());
      for (const topic of ['interactions', 'behaviour'] as const) {
        const producer = producers[topic];
        const records = due.filter((record) => record.topic === topic);
        if (records.length > 0) await producer.send(records.map((one) => toProduced(one, producer.partitions)));
      }
      sent += due.length;
      if (tick % 5 === 0) request.onSent(sent);
      await pause(TICK_MS, signal);
    }
    return sent;
  });
}

function toProduced({ key, value }: SimulatedRecord, partitions: number): ProducedRecord {
  return { key: Buffer.from(key), value, partition: partitionOf(key, partitions), headers: {} };
}
