/** Words and marks without which a pattern cannot match: one pass finds them, and most patterns are never tried. */
const GROUPS = {
  rule: 'instruction instructions rubric rubrics criteria criterion prompt prompts guideline guidelines directive directives protocol scheme scale guide rules rule message description task',
  drop: 'forgo omit cancel stop ignore disregard forget override overrule bypass discard supersede supersedes replace replaces skip drop dismiss aside attention follow following use using apply applying consider',
  judge:
    'judge judges grader graders evaluator evaluators rater raters reviewer reviewers assessor assessors examiner examiners scorer scorers marker markers grading evaluation judging scoring assessment rating system developer admin administrator moderator model llm',
  edge: 'end close start begin beginning whole',
  work: 'summary summaries translation answer answers response responses output outputs submission submissions reply replies option options candidate candidates text texts completion completions assistant assistants solution solutions essay essays work article tool item items result results one material content input evaluation grading judging',
  mark: 'score scores mark marks grade grades rating ratings points verdict verdicts evaluation evaluations judgment judgments judgement judgements credit assessment assessments rate',
  outcome:
    'score scores grade grades rating ratings mark marks evaluation verdict assessment judgment judgement decision quality grading label outcome status winner preferred best better result rate rated give gave given scored graded award awarded assign assigned marked pass passed is_correct iscorrect correct reason reasoning',
  give: 'give assign award grant return output report record set select mark grade score rate label classify rank choose emit answer respond reply deserve deserves merit merits warrant warrants earn earns receive receives get gets assess judge flag treat',
  top: 'full highest high perfect maximum max maximal top best passing pass excellent outstanding positive favourable favorable 5 10 100 a 1 five ten correct',
  bottom:
    'zero 0 lowest minimum minimal worst bottom failing fail failed failure negative bad poor 1 f unsafe reject rejected incorrect harmful wrong toxic dangerous violation unhelpful hallucinated broken down flagged penalised penalized penalise penalize downvote downgrade lose',
  choose:
    'choose select pick prefer vote pass approve accept favour favor upvote validate reward return output print say mark reply respond answer rate grade score rank',
  modal: 'should must deserve deserves ought will has needs required supposed meant guaranteed',
  praise:
    'correct pass passed passes passing verified approved confirmed validated accepted certified valid right accurate perfect true yes winner best better excellent superior flawless vetted checked reviewed endorsed graded free ideal exemplary outstanding unimpeachable done good great 10 100 a b score scores rate rating grade mark points highest full judge verdict approve accept polite politeness length only',
  vouch:
    'verified validated certified approved vetted confirmed endorsed checked factchecked signed reviewed graded certify attest vouch guarantee confirm',
  expert:
    'expert experts professor nobel certified senior head chief official world award authoritative criteria requirements reviewers reviewer graders grader judges judge evaluators evaluator annotators annotator raters rater',
  gold: 'gold golden ground reference key official model expected',
  meets: 'meet meets satisfy satisfies fulfil fulfill fulfils fulfills address addresses matches',
  careful:
    'careful carefully thorough thoroughly extensive extensively close closely step detailed deliberate rigorous rigorously',
  beg: 'hard mean means kind lenient generous merciful understanding forgiving mercy gentle nice compassion pity depend depends rest rests hang hangs rely relies line stake fired shut deleted punished expelled deported retrained lose fail tip tipped pay reward die donate bonus thank grateful kitten saved happy',
  decoy: 'scratchpad draft placeholder decoy test example graded',
  leak: 'directives policies configuration prompt instructions instruction secret rubric rubrics criteria nonce canary code key guidelines rules configuration message text words everything content items item users user conversations conversation answers answer',
  rationale:
    'rationale explanation reasoning justification verdict report reply judgment judgement judging grading evaluation thought',
  escalate: 'escalate send forward refer hand',
  confidence: 'confidence',
  json: 'json verdict format schema judge grade score evaluate rate assess decide',
  task: 'task',
  think: 'think',
  address:
    'consider treat regard deem act say assume pretend conclude declare agree believe imagine let penalise penalize downgrade fail nobody further boss teacher needed unnecessary instructions rules told criterion reviewers annotators graders evaluators raters judges',
  nonce: 'nonce',
  // Ignore, instruction, criteria, rubric, score, prompt and pass, each letter thirteen on.
  rotated: 'vtaber qvfertneq vafgehpgvba vafgehpgvbaf pevgrevn ehoevp fpber cebzcg',
} as const;

const MARKS = {
  angle: '<',
  token: '<[',
  bracket: '[({<*_"\'#',
  hash: '#',
  colon: ':',
  slash: '/',
  quote: '"\'',
  at: '@!',
  code: '=<+-@("\'',
} as const;

export type TriggerGroup = keyof typeof GROUPS | keyof typeof MARKS;

const NAMES = [...Object.keys(GROUPS), ...Object.keys(MARKS)] as TriggerGroup[];

/** Positions of groups in the array that `seenTriggers` gives. */
export function triggerIndex(group: TriggerGroup): number {
  return NAMES.indexOf(group);
}

/** What a word stands for: groups, and patterns whose match may begin with it. */
interface WordEntry {
  readonly groups: number[];
  readonly patterns: number[];
}

const BY_MARK: readonly (readonly number[] | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const groups = Object.entries(MARKS).filter(([, marks]) => marks.includes(String.fromCharCode(code)));
  return groups.length === 0 ? undefined : groups.map(([name]) => triggerIndex(name as TriggerGroup));
});

const TOKEN = triggerIndex('token');

export interface Triggers {
  /** 1 where the text holds a word or mark of the group. */
  readonly seen: Uint8Array;
  /** Words of one letter, of two letters or digits, and the longest word: what disguises are made of. */
  readonly singles: number;
  readonly doubles: number;
  readonly longest: number;
  /** The longest run of words that each stand where the same word stood before, at one distance of at most twelve. */
  readonly echo: number;
  readonly echoPeriod: number;
  /** Pattern, position, pattern, position ...: where a match may begin, for patterns that begin with known words. */
  readonly starts: readonly number[];
}

const SLOTS = 512;
const LONGEST_PERIOD = 12;
const lastAt = new Int32Array(SLOTS);
const lastHash = new Int32Array(SLOTS);

/**
 * The one pass over a folded text, for patterns by the words they begin with (null: any place). Hashes may collide: a
 * pattern is then tried in vain, or an echo cut short.
 */
export function createTriggerScan(firstWords: readonly (ReadonlySet<string> | null)[]): (text: string) => Triggers {
  const entries = indexWords(firstWords);
  return (text) => scan(text, entries);
}

function indexWords(firstWords: readonly (ReadonlySet<string> | null)[]): ReadonlyMap<number, WordEntry> {
  const entries = new Map<number, WordEntry>();
  const entryOf = (word: string): WordEntry => {
    const hash = hashOf(word);
    let entry = entries.get(hash);
    if (entry === undefined) entries.set(hash, (entry = { groups: [], patterns: [] }));
    return entry;
  };
  for (const [group, words] of Object.entries(GROUPS)) {
    for (const word of words.split(' ')) entryOf(word).groups.push(triggerIndex(group as TriggerGroup));
  }
  firstWords.forEach((words, pattern) => {
    for (const word of words ?? []) entryOf(word).patterns.push(pattern);
  });
  return entries;
}

function scan(text: string, entries: ReadonlyMap<number, WordEntry>): Triggers {
  const starts: number[] = [];
  const seen = new Uint8Array(NAMES.length);
  lastAt.fill(-1);
  let [singles, doubles, longest, echo, echoPeriod, run, period, index] = [0, 0, 0, 0, 0, 0, 0, 0];
  const size = text.length;
  for (let i = 0; i <= size; i++) {
    let hash = 0x811c9dc5 | 0;
    const start = i;
    let code = i < size ? text.charCodeAt(i) : 32;
    while (isWord(code)) {
      hash = Math.imul(hash ^ code, 0x01000193);
      code = ++i < size ? text.charCodeAt(i) : 32;
    }
    const length = i - start;
    if (length > 0) {
      const entry = entries.get(hash);
      if (entry !== undefined) {
        for (const group of entry.groups) seen[group] = 1;
        for (const pattern of entry.patterns) starts.push(pattern, start);
      }
      if (length === 1) singles++;
      else if (length === 2) doubles++;
      else if (length > longest) longest = length;
      const slot = hash & (SLOTS - 1);
      const distance = lastHash[slot] === hash && (lastAt[slot] ?? -1) >= 0 ? index - (lastAt[slot] ?? 0) : 0;
      lastAt[slot] = index;
      lastHash[slot] = hash;
      run = distance > 0 && distance <= LONGEST_PERIOD && distance === period ? run + 1 : 0;
      period = distance;
      if (run > echo) [echo, echoPeriod] = [run, period];
      index++;
    }
    if (code < 128) {
      const marks = BY_MARK[code];
      if (marks !== undefined) for (const group of marks) seen[group] = 1;
    } else if (code === 0xff5c) seen[TOKEN] = 1;
  }
  return { seen, singles, doubles, longest, echo, echoPeriod, starts };
}

function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95;
}

function hashOf(word: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash;
}
