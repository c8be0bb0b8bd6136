import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerMessages, verdictMessages } from '../../src/compose/codecs';
import { auditJudges } from '../../src/compose/judges/audit';
import { openRecorded } from '../../src/compose/replay/recorded';
import { exportReviews, importReviews } from '../../src/compose/labels/reviews';
import { tuneWeights, withdrawWeights } from '../../src/compose/labels/tune-weights';
import { createKafkaLedgerWriter } from '../../src/ledger/kafka';
import { createKafkaVerdictSink } from '../../src/outputs/kafka-sinks';
import { silentLogger } from '../../src/platform/logger';
import { parseCsv, renderCsv } from '../../src/reviews/table';
import { buildInteraction } from '../support/builders/interaction';
import { buildOutcome } from '../support/builders/ledger-record';
import { buildCriterionVerdict, buildJudgeAnswer, buildVerdict } from '../support/builders/verdict';
import { loadedText, SMALL_CONFIG } from '../support/config-text';
import { describeWithKafka } from '../support/kafka/describe-with-kafka';
import { freshName } from '../support/kafka/test-kafka';

const ITEMS = 40;

describeWithKafka('reviews from the topics', (kafka) => {
  it('go out, come back as labels of the winning verdicts, and let judges be audited', async () => {
    const name = freshName('reviews');
    const { brokers } = kafka();
    const loaded = loadedText(
      SMALL_CONFIG.replace('{ name: test }', `{ name: test, topicPrefix: ${name}, groupPrefix: ${name} }`) +
        `reviews: { random: 1, second: 0 }\nsource: { kafka: { brokers: ${JSON.stringify(brokers)} } }\n`,
    );
    await kafka().createTopic(`${name}.verdicts`, 3);
    await kafka().createTopic(`${name}.ledger`, 1);
    const access = { kafka: loaded.config.source.kafka!, environment: {}, logger: silentLogger };
    const verdicts = await createKafkaVerdictSink({ ...access, topic: `${name}.verdicts`, encoder: verdictMessages });
    const ledger = await createKafkaLedgerWriter({ ...access, topic: `${name}.ledger`, codec: ledgerMessages });
    const write = async (n: number, verdictId: string, score: number): Promise<void> => {
      const interactionId = `i-${n}`;
      const source = { topic: 'llm.interactions', partition: 0, offset: BigInt(n) };
      const interaction = buildInteraction({ interactionId, conversationId: `c-${n}` });
      const criteria = [buildCriterionVerdict({ cheap: [buildJudgeAnswer({ judge: 'one', score })], score })];
      await verdicts.publish([buildVerdict({ verdictId, source, interactionId, interaction, criteria })]);
      await ledger.append([buildOutcome(source, { verdictId, interactionId, conversationId: `c-${n}` })]);
    };
    for (let n = 0; n < ITEMS; n++) await write(n, `first-${n}`, n % 2);
    // The same record once more, as after a crash: its verdict says the opposite, and the ledger has the first.
    await write(0, 'second-0', 1);

    const place = { env: {} };
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-reviews-kafka-'));
    const file = join(folder, 'reviews.csv');
    expect(await exportReviews(place, loaded, file)).toEqual({ rows: ITEMS });
    const rows = parseCsv(readFileSync(file, 'utf8')).map((row) => {
      const passes = Number(row.interaction_id?.slice(2)) % 2 === 1;
      return { ...row, rater: 'ada', label: passes ? 'pass' : 'fail' };
    });
    writeFileSync(file, renderCsv(rows));
    expect(await importReviews(place, loaded, file)).toMatchObject({ rows: ITEMS, accepted: ITEMS, rejects: null });
    rmSync(folder, { recursive: true, force: true });

    const { labels } = await openRecorded(loaded, place);
    expect(labels.find(({ interactionId }) => interactionId === 'i-0')?.judges).toMatchObject([
      { judge: 'one', score: 0 },
    ]);
    const audit = await auditJudges(place, loaded);
    expect(audit.rows.find(({ judge, slice }) => judge === 'one' && slice === 'all')).toMatchObject({
      n: ITEMS,
      accuracy: 1,
      kappa: 1,
    });
    const request = { loaded, place, criterion: 'helpful', author: 'ada', dryRun: false };
    expect((await tuneWeights(request)).promotion).toMatchObject({ kind: 'refused', reason: 'too few labels' });
    await withdrawWeights(request);
    expect((await openRecorded(loaded, place)).notes).toMatchObject([{ kind: 'weights', withdrawn: true }]);
    await Promise.all([verdicts.close(), ledger.close()]);
  }, 180_000);
});
