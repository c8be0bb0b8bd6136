import type { JSX } from 'preact';
import type { InteractionRow } from '../../answers';
import { score, time, words } from '../format';
import { Name, Table, Tag } from '../parts';
import { interactionPath, Link } from '../router';

export function cellText({ segments, model, release, route }: InteractionRow['cell']): string {
  const declared = Object.entries(segments).map(([key, value]) => `${key}=${value}`);
  return [...declared, model, ...(release === null ? [] : [release]), ...(route === 'primary' ? [] : [route])].join(
    ' · ',
  );
}

export function InteractionTable({ rows, caption }: { rows: readonly InteractionRow[]; caption: string }): JSX.Element {
  return (
    <Table caption={caption} head={['When (UTC)', 'Interaction', 'Where', 'Verdicts', 'Split', 'Failed checks']}>
      {rows.map((row) => (
        <tr>
          <td class="number">{time(row.occurred_at)}</td>
          <th scope="row">
            <Link to={interactionPath(row.interaction_id)}>
              <Name>{row.interaction_id}</Name>
            </Link>
          </th>
          <td>
            <Name>{cellText(row.cell)}</Name>
          </td>
          <td>
            {row.criteria
              .filter(({ result }) => result !== 'not_sampled')
              .map(({ criterion, result, score: value, pass }) => (
                <div>
                  <Name>{criterion}</Name>{' '}
                  {result === 'scored' ? <Tag>{pass === true ? 'pass' : 'fail'}</Tag> : <Tag>{result}</Tag>}{' '}
                  {score(value, 2)}
                </div>
              ))}
            {row.sampled ? null : <span class="muted">not sampled</span>}
          </td>
          <td class="number">{score(row.disagreement, 2)}</td>
          <td>{row.failed_checks.map(words).join(', ')}</td>
        </tr>
      ))}
    </Table>
  );
}
