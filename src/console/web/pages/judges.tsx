import type { JSX } from 'preact';
import type { Agreement, JudgeFigures, Judges } from '../../answers';
import { IntervalBar } from '../charts';
import { count, percent, points, score, usd, words } from '../format';
import { Await, Name, Table, Tag } from '../parts';
import { useRead } from '../use-read';

/** The judges as instruments: whether they agree, with each other and with people, fail, drift, and what they cost. */
export function JudgesPage(): JSX.Element {
  const reading = useRead<Judges>('/judges');
  return (
    <>
      <h1>Judges</h1>
      <Await reading={reading}>
        {({ interactions, rows, golden }) => (
          <>
            <p class="muted">
              Of the latest {count(interactions)} judged interactions. Agreement is corrected for chance (Cohen’s kappa,
              95 %): the cheap judge with the ensemble, a member with the mean of the others. The cheap judge is asked
              about all of them, the ensemble mostly about the unsure ones, so its figures look worse than they are.
            </p>
            {[...new Set(rows.map(({ criterion }) => criterion))].map((criterion) => (
              <Criterion criterion={criterion} rows={rows.filter((one) => one.criterion === criterion)} />
            ))}
            <Drift golden={golden} />
          </>
        )}
      </Await>
    </>
  );
}

function Criterion({ criterion, rows }: { criterion: string; rows: readonly JudgeFigures[] }): JSX.Element {
  return (
    <section>
      <h2>
        <Name>{criterion}</Name>
      </h2>
      <Table
        caption={`Judges of ${criterion}`}
        head={[
          'Judge',
          'Stage',
          'Asked',
          'No score',
          'Passes',
          'With the others',
          'On [0, 1]',
          'With people',
          'Outlier',
          'Cost',
          'Median',
          'Version',
        ]}
      >
        {rows.map((row) => (
          <tr>
            <th scope="row">
              <Name>{row.judge}</Name> <span class="muted">{row.family}</span>
            </th>
            <td>{row.stage}</td>
            <td class="number">{count(row.asked)}</td>
            <td>
              {percent(row.asked === 0 ? null : 1 - row.scored / row.asked)}
              <div class="muted">
                {Object.entries(row.missing)
                  .map(([why, n]) => `${words(why)} ${n}`)
                  .join(', ')}
              </div>
            </td>
            <td class="number">{percent(row.pass_rate)}</td>
            <td class="number">
              <Kappa agreement={row.agreement} />
            </td>
            <td>
              <IntervalBar
                mean={row.agreement?.kappa ?? null}
                lower={row.agreement?.interval?.[0] ?? null}
                upper={row.agreement?.interval?.[1] ?? null}
              />
            </td>
            <td class="number">
              <Kappa agreement={row.with_people} />
            </td>
            <td class="number">
              {row.stage === 'cheap' ? '–' : percent(row.asked === 0 ? null : row.outlier / row.asked)}
            </td>
            <td class="number">{usd(row.cost_usd)}</td>
            <td class="number">{row.median_ms === null ? '–' : `${Math.round(row.median_ms)} ms`}</td>
            <td>
              {row.versions.map((version) => (
                <div class="muted">
                  <Name>{version}</Name>
                </div>
              ))}
              {row.versions.length > 1 && <Tag tone="warn">changed</Tag>}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Kappa({ agreement }: { agreement: Agreement | null }): JSX.Element {
  if (agreement === null) return <span class="muted">–</span>;
  return (
    <>
      {score(agreement.kappa, 2)}
      <div class="muted">
        {percent(agreement.share, 0)} of {count(agreement.n)}
      </div>
    </>
  );
}

function Drift({ golden }: { golden: Judges['golden'] }): JSX.Element {
  return (
    <section>
      <h2>On the frozen set</h2>
      {golden.length === 0 ? (
        <p class="muted">No run on a frozen set yet: `plumbline golden freeze`, then `plumbline golden run`.</p>
      ) : (
        <Table caption="Latest run on the frozen set" head={['Judge', 'Criterion', 'Items', 'Sealed', 'Now', 'Moved']}>
          {golden.map(({ judge, criterion, items, sealed, now }) => (
            <tr>
              <th scope="row">
                <Name>{judge}</Name>
              </th>
              <td>
                <Name>{criterion}</Name>
              </td>
              <td class="number">{count(items)}</td>
              <td class="number">{score(sealed)}</td>
              <td class="number">{score(now)}</td>
              <td class="number">{points(now - sealed)}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
