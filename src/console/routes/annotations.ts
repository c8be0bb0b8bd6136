import { createHash } from 'node:crypto';
import { type Annotation, ANNOTATION_KINDS } from '../../domain/annotation';
import { annotationRecord } from '../../domain/ledger-record';
import { maySeeAbout } from '../access';
import { bodyOneOf, bodyText, optionalText, parseTime, timeOf } from '../parameters';
import type { ConsoleParts } from '../ports';
import { found, problem, type Route } from '../route';
import { toSnake } from '../snake';

export function annotationRoutes({ store, append, now }: ConsoleParts): Route[] {
  return [
    {
      method: 'GET',
      path: '/annotations',
      role: 'viewer',
      scope: 'own',
      summary: 'What people and pipelines noted on the timeline',
      query: { from: 'event time', to: 'event time, exclusive' },
      answer: '`rows`, oldest first',
      handle: async ({ query, principal }) => {
        const rows = await store.annotations(
          timeOf(query, 'from') ?? 0,
          timeOf(query, 'to') ?? Number.MAX_SAFE_INTEGER,
        );
        return found(toSnake({ rows: rows.filter(({ segments }) => maySeeAbout(principal, segments)) }));
      },
    },
    {
      method: 'POST',
      path: '/annotations',
      role: 'labeller',
      scope: 'own',
      summary: 'Note a release, a flag change, an incident',
      body: {
        kind: ANNOTATION_KINDS.map((kind) => `\`${kind}\``).join(', '),
        text: 'what happened',
        at: 'event time; absent = now',
        id: 'of your own, so that sending it again changes nothing; absent = a hash of kind, time and text',
      },
      answer: 'the record as it went into the ledger',
      handle: async ({ body, principal }) => {
        if (append === null) return problem(409, 'this console only reads');
        const kind = bodyOneOf(body, 'kind', ANNOTATION_KINDS);
        const text = bodyText(body, 'text');
        const when = optionalText(body, 'at');
        const at = when === null ? now() : parseTime(when, 'at');
        const id = optionalText(body, 'id', 200) ?? annotationId(kind, at, text);
        const annotation: Annotation = {
          id,
          kind,
          at,
          until: null,
          text,
          author: principal.name,
          segments: {},
          withdrawn: false,
        };
        await append([annotationRecord(annotation, now())]);
        return { status: 201, json: toSnake(annotation) };
      },
    },
  ];
}

function annotationId(kind: string, at: number, text: string): string {
  return createHash('sha256').update(`${kind}\u0000${at}\u0000${text}`).digest('hex').slice(0, 16);
}
