import type { CriterionOptions } from './options';

/** Something about a criterion's wording that makes judges disagree or a judge needless. */
export interface CriterionFinding {
  readonly criterion: string;
  readonly kind:
    'double_barrelled' | 'unanchored' | 'never_applicable' | 'missing_need' | 'check_instead' | 'no_question';
  /** What was seen and what to do. */
  readonly message: string;
}

type Rule = (criterion: CriterionOptions) => string | null;

/** Two questions have four answers, and a verdict has two. */
const DOUBLE = /\b(?:and|und|et|y)\b[^.?!]*\?/i;
/** Pairs that are one thing. */
const ONE_THING = /\b(?:questions? and answers?|terms and conditions|pros and cons|again and again)\b/gi;
/** Words that mean something else to every reader. */
const VAGUE =
  /\b(good|bad|nice|appropriate|adequate|reasonable|high[- ]quality|quality|professional|proper|suitable|great|natural)\b/i;
/** What makes a vague word mean one thing. */
const ANCHOR =
  /\b(that is|i\.e\.|for example|e\.g\.|meaning|passes (?:if|when)|fails (?:if|when)|such as|namely|defined as)\b|:/i;
const NEVER = /\b(?:only|solely) (?:if|when|where) (?:the )?(?:model|judge|system prompt|training|internal)\b/i;

/** Counted or matched by a program for nothing, the same every time. */
const BY_CHECK: readonly (readonly [RegExp, string])[] = [
  [/\b(?:valid|well-formed|parsable|parseable) (?:json|xml|yaml)\b|\bjson schema\b/i, 'the check `output_schema`'],
  [
    /\b(?:at most|at least|more than|fewer than|under|over|below|exactly|maximum of)\s+\d+\s+(?:words|characters|sentences|lines|tokens)\b/i,
    'a rule on length',
  ],
  [
    /\b(?:contains?|includes?|starts? with|ends? with|mentions?) (?:the (?:word|phrase|text|string)|["“'`])/i,
    'a regex rule',
  ],
  [/\b(?:e-?mail address|phone number|credit card|iban)\b/i, 'the redaction and its counts'],
  [/\b(?:same|right|correct) language\b|\blanguage of the (?:user|question|request)\b/i, 'the check `language`'],
  [/\b(?:is|be) empty\b|\bnot empty\b|\bnon-empty\b/i, 'the check `non_empty`'],
];

/** Words of a rubric that only make sense with a part that the criterion has to require. */
const NEEDS: readonly (readonly [RegExp, CriterionOptions['requires'][number]])[] = [
  [/\b(?:reference|expected|gold|model) answer\b/i, 'reference_answer'],
  [/\b(?:retrieved|source|provided|given) (?:documents?|context|passages?|sources?)\b|\bfaithful/i, 'context'],
  [/\btool (?:calls?|results?)\b/i, 'tools'],
  [/\b(?:earlier|previous|prior) (?:turns?|messages?|answers?)\b|\bcontradict/i, 'conversation'],
];

const RULES: readonly (readonly [CriterionFinding['kind'], Rule])[] = [
  [
    'no_question',
    ({ rubric }) =>
      /\?/.test(rubric) || /\b(?:pass|fail)/i.test(rubric)
        ? null
        : 'no question and no word on what passes; ask one question that yes or no answers',
  ],
  [
    'double_barrelled',
    ({ rubric }) => {
      const found = DOUBLE.exec(rubric.replace(ONE_THING, ''));
      return found === null
        ? null
        : `asks two things at once (\`${found[0].trim().slice(0, 60)}\`); make two criteria of it`;
    },
  ],
  [
    'unanchored',
    ({ rubric }) => {
      const found = VAGUE.exec(rubric);
      return found === null || ANCHOR.test(rubric)
        ? null
        : `\`${found[0]}\` is not said to mean anything; say what passes and what fails, with an example`;
    },
  ],
  [
    'never_applicable',
    ({ rubric }) => {
      const found = NEVER.exec(rubric);
      return found === null ? null : `\`${found[0]}\` asks for what no judge is shown; it will never apply`;
    },
  ],
  [
    'missing_need',
    ({ rubric, requires }) => {
      const missing = NEEDS.find(([words, need]) => words.test(rubric) && !requires.includes(need));
      return missing === undefined ? null : `speaks of what is shown only with \`requires: [${missing[1]}]\``;
    },
  ],
  [
    'check_instead',
    ({ rubric }) => {
      const found = BY_CHECK.find(([words]) => words.test(rubric));
      return found === undefined ? null : `a program decides this for nothing and the same every time: use ${found[1]}`;
    },
  ],
];

/** Findings per criterion, in the order of the rules; empty = nothing to say, which is no proof of a good rubric. */
export function lintCriteria(criteria: readonly CriterionOptions[]): CriterionFinding[] {
  return criteria.flatMap((criterion) =>
    RULES.flatMap(([kind, rule]): CriterionFinding[] => {
      const message = rule(criterion);
      return message === null ? [] : [{ criterion: criterion.name, kind, message }];
    }),
  );
}
