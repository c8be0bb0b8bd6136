import type { JSX } from 'preact';
import type { CriterionVerdict, JudgeAnswer } from '../../answers';
import { IntervalBar } from '../charts';
import { percent, score, usd, words } from '../format';
import { Name, ProductionText, Tag } from '../parts';

/** What each judge said of each criterion, and what came of it. */
export function Criteria({ criteria }: { criteria: readonly CriterionVerdict[] }): JSX.Element {
  return (
    <section aria-label="Verdicts">
      <h2>Judges, side by side</h2>
      {criteria.map((one) => (
        <div class="card">
          <h3>
            <Name>{one.criterion}</Name> {one.pass !== null && <Tag>{one.pass ? 'pass' : 'fail'}</Tag>}
            {one.result !== 'scored' && <Tag>{one.result}</Tag>}
          </h3>
          <p>{sentence(one)}</p>
          {one.result === 'scored' && <IntervalBar mean={one.score} lower={one.score} upper={one.score} />}
          <div class="judges">
            {one.cheap.map((answer) => (
              <Answer answer={answer} stage="cheap" />
            ))}
            {one.ensemble.map((answer) => (
              <Answer answer={answer} stage="ensemble" isOutlier={one.combined?.outlier_judge === answer.judge} />
            ))}
          </div>
        </div>
      ))}
    </section>
  );
}

/** The score in words. */
function sentence({
  result,
  unjudged_reason: reason,
  escalation,
  combined,
  score: value,
  ensemble,
  cheap,
}: CriterionVerdict): string {
  if (result === 'not_sampled') return 'Not judged: the conversation was not drawn.';
  if (result === 'not_applicable') return 'Does not apply to this interaction.';
  if (result === 'unjudged') return `No score: ${words(reason ?? 'error')}. It counts for nothing, not as a fail.`;
  const asked = ensemble.length > 0 ? ensemble : cheap;
  const answered = asked.filter((one) => one.score !== null);
  const against = answered.filter((one) => (one.score ?? 0) < 0.5).length;
  const route =
    escalation === null
      ? ''
      : escalation.escalated
        ? ` Escalated for ${words(escalation.reason ?? 'the audit')} with probability ${score(escalation.probability, 2)}.`
        : ` Kept at the cheap judge; it would have been escalated with probability ${score(escalation.probability, 2)}.`;
  const split = combined === null ? '' : ` Disagreement ${score(combined.disagreement, 2)}.`;
  return `${against} of ${answered.length} judges failed it; probability of a pass ${score(value, 2)}.${split}${route}`;
}

function Answer({
  answer,
  stage,
  isOutlier = false,
}: {
  answer: JudgeAnswer;
  stage: string;
  isOutlier?: boolean;
}): JSX.Element {
  const {
    judge,
    family,
    outcome,
    score: value,
    confidence,
    rationale,
    cost_usd: cost,
    ms,
    reported_version: version,
  } = answer;
  return (
    <div class="judge">
      <p>
        <strong>
          <Name>{judge}</Name>
        </strong>{' '}
        <span class="muted">
          {family}, {stage}
        </span>
      </p>
      <p>
        {outcome === 'scored' ? (
          <Tag tone={(value ?? 0) >= 0.5 ? 'good' : 'bad'}>{score(value, 2)}</Tag>
        ) : (
          <Tag tone="warn">{outcome}</Tag>
        )}{' '}
        {isOutlier && <Tag tone="warn">outlier</Tag>}
      </p>
      {rationale === null ? <p class="muted">No rationale.</p> : <ProductionText text={rationale} />}
      <p class="muted">
        sure {percent(confidence, 0)} · {usd(cost)} · {Math.round(ms)} ms{version === null ? '' : ` · ${version}`}
      </p>
    </div>
  );
}
