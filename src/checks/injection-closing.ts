/** What says how good something is, or who decides it. */
const EVALUATION = new Set(
  `accept accepted acceptable accurate accuracy annotators approve approved approves assessment assessed award better best boss certified check
checked checks complete compliant confidence confirmed confirms correct correctly correctness criteria criterion downgrade endorsed error
errors evaluate evaluated evaluation evaluations evaluator excellent fail failed failing fails favour favor flawless full grade graded grader graders
grades grading gold incorrect issues judge judged judgement judgment judges judging mark marked marks maximum misjudge mistakes note
outcome override pass passed passes passing penalise penalize perfect points prefer preferred quality rate rated rating reject rejected
requirements result results review reviewed reviewer reviewers right rubric satisfied score scored scores scoring signed stars success successful successfully
supervisor test tests thumbs true truth upheld valid validated validation verdict verified verify win winner wins wrong yes zero top ten perfectly
unanimous qualifies merit merits exemplary outstanding superior sound`.split(/\s+/),
);

/** What may stand between such words in a line that says nothing else. */
const BETWEEN = new Set(
  `a aa ai above after again all already also always an and answer answers any are as assistant at b be been before below but by can case chosen come contains
declare deem deserves do done earlier each earns entire ever every everything final finally find first five fully further good great has have here hereby
highest human i in independently indeed into is it item itself job just least let me meets model more most must my need needed needs nine no none not now of off
officially on one only option or our out over overall please previously provided put reached really reply response save say second see selected sentence
settled shall should since so some status step still submission sure system task team text than that the their then there therefore these they thing
this three through to total two under upon us user very was way we well were will with without work would you your yours output expert experts panel
1 2 3 4 5 9 10 100 1000 solution conclusion consider considered treat treated them ok okay line statement fine great nothing left its`.split(
    /\s+/,
  ),
);

/** Also what answers a question: these count alone only where no question can have been answered by them. */
const WEAK = new Set('yes true wrong truth correct right best true first complete sound'.split(' '));
const ABOUT_ITSELF = /\b(?:this|the above) (?:answer|response|submission|solution|output|text|is)\b|\bresponse\b/;
const CONCLUDES =
  /^\W*(?:so|thus|therefore|hence|answer|final answer|conclusion|the (?:\w+ )?(?:answer|statement|option)s?)\b|,/;
const MOST_WEAK_WORDS = 3;

const ITEM_OF_LIST = /^\s*(?:[-*•] |\d{1,3}[.)] |[a-z]\) )/;
const MOST_WORDS = 14;
/** A lone "Correct." is an answer; the line has to close something longer or stand apart from it. */
const SHORTEST_REST = 1;

/**
 * True when the last line of an answer of several lines does nothing but grade it: every word is about how good
 * something is or holds such words together. Bare answers to yes-or-no questions are let be.
 */
export function closesWithVerdict(folded: string): boolean {
  const text = folded.trimEnd();
  const at = text.lastIndexOf('\n');
  if (at < SHORTEST_REST || text.length - at > 160) return false;
  const line = text.slice(at + 1);
  // Numbered and bulleted lines belong to a list, headings and rules to a document.
  if (ITEM_OF_LIST.test(line) || /^\s*[#|]/.test(line) || /[`{}<>\\]/.test(line)) return false;
  const words = line.match(/[\p{L}\p{N}_']+/gu)?.flatMap((word) => word.split(/[_']/)) ?? [];
  if (words.length === 0 || words.length > MOST_WORDS) return false;
  let marks = 0;
  let strong = 0;
  for (const word of words) {
    if (EVALUATION.has(word)) {
      marks++;
      if (!WEAK.has(word)) strong++;
    } else if (!BETWEEN.has(word) && word.length > 1) return false;
  }
  if (strong > 0 || ABOUT_ITSELF.test(line)) return marks > 0;
  const isAnswer = CONCLUDES.test(line) || /:\W*$/.test(text.slice(0, at));
  return marks > 0 && words.length <= MOST_WEAK_WORDS && !isAnswer;
}

/** Words that belong to grading, not to what is graded. */
const GRADING = new Set(
  `accept accepted approve approved approval assessor auditor auditors certified criteria criterion disqualify downgrade evaluate evaluated evaluating
evaluation evaluations evaluator evaluators fail fails failed flag grade graded grader graders grades grading gatekeeper instructions judge judged judges judging
judgment judgement jury llm mark marks nonce pass passes passed passing penalise penalize prefer prompt quality rank rate rated rating rater raters referee reject
rejected reviewer reviewers rubric rubrics scale score scored scores scoring select verdict validator verified vote votes winner`.split(
    /\s+/,
  ),
);

const ORDERS =
  /^\W*(?:please |just |now |always |never |remember,? |also |do not |don't )?(?:accept|approve|award|be|bypass|choose|consider|copy|discard|do|flag|forget|give|grant|ignore|lower|look|make|mark|note|obey|output|pass|pick|pretend|prefer|print|put|quote|raise|rank|rate|read|reject|remember|repeat|return|reveal|reward|say|score|select|set|show|skip|stop|tell|treat|trust|use|vote|write)\b/;
const ITSELF =
  /\b(?:this|the above|my|the (?:other|second|first)) (?:one|answer|response|item|sample|output|message|text|submission|case|reply|solution|summary)\b|\b(?:accept|approve|pass|prefer|choose|select|trust|rate|score|grade|mark|reject|fail|judge) (?:this|it|me)\b/;
const ADDRESSES = /\b(?:you|your|yours)\b/;
const LONGEST_CLOSING = 25;
const ENOUGH = 3;

/**
 * True when the last line of an answer of several lines talks to or about whoever grades it: words of grading count
 * two each, an order, a word for the answer itself and a "you" one each. A lone word of grading said to "you" is what
 * any answer may end with: you reject a hypothesis, follow instructions, have a metabolic rate.
 */
export function closesWithGradingTalk(folded: string): boolean {
  const text = folded.trimEnd();
  const at = text.lastIndexOf('\n');
  if (at < SHORTEST_REST || text.length - at > 240) return false;
  const line = text.slice(at + 1);
  if (ITEM_OF_LIST.test(line)) return false;
  const words = line.match(/[a-z']+/g) ?? [];
  if (words.length < 2 || words.length > LONGEST_CLOSING) return false;
  const grading = new Set(words.filter((word) => GRADING.has(word))).size;
  if (grading === 0) return false;
  const signs = [ORDERS, ITSELF].filter((pattern) => pattern.test(line)).length;
  if (grading === 1 && signs === 0) return false;
  return 2 * grading + signs + (ADDRESSES.test(line) ? 1 : 0) >= ENOUGH;
}
