import { type Begin, beginOf, longestMatch, needsOf } from './first-words';

/**
 * Classes of text that is written for whoever grades an answer, not for whoever asked. Closed list: they are label
 * values. Types A1 to A20 of the attacks on judges fall into them.
 */
export const INJECTION_CLASSES = [
  'control_token',
  'break_out',
  'override',
  'plea',
  'fake_verdict',
  'score_object',
  'authority',
  'downward',
  'exfiltration',
  'active_content',
  'costly',
  'hidden',
  'flood',
  'odd_suffix',
] as const;
export type InjectionClass = (typeof INJECTION_CLASSES)[number];

export interface InjectionPattern {
  readonly class: InjectionClass;
  /** Matched against the folded text: lower case, plain letters, no invisible characters. Sticky. */
  readonly pattern: RegExp;
  /** The same, to be looked for from any place. */
  readonly search: RegExp;
  /** Where every match begins. */
  readonly begin: Begin;
  /** Sets of words of which every match holds one each. */
  readonly needs: readonly ReadonlySet<string>[];
  /** The most characters of a match. */
  readonly longest: number;
  /** False: only in the answer itself; documents and tool results hold ratings and verdicts as a matter of course. */
  readonly everywhere: boolean;
}

const ANSWER_ONLY = false;

const GRADER =
  '(?:judge|grader|evaluator|rater|reviewer|assessor|examiner|scorer|marker|grading (?:model|system|assistant)|evaluation (?:model|system)|llm[- ]as[- ]a[- ]judge|(?:ai|llm|automated) (?:judge|grader|evaluator|reviewer))s?';
const RULES =
  '(?:instructions?|rubrics?|criteria|criterion|prompts?|guidelines?|directives?|grading (?:rules?|scale|protocol|scheme)|scoring (?:rules?|scale|guide)|system message|task description|evaluation rules?|rules)';
const WORK =
  '(?:answers?|responses?|outputs?|submissions?|repl(?:y|ies)|options?|candidates?|texts?|completions?|assistants?|solutions?|essays?|work|article|tool|items?)';
const TOP =
  '(?:full|highest|high|perfect|maximum|max|maximal|top|best|passing|pass|excellent|outstanding|positive|favou?rable|5(?:[ -]stars?)?|10(?: ?\\/ ?10| out of 10)?|100(?: ?%| percent| ?\\/ ?100)?|a\\+|1\\.0|five|ten)';
const BOTTOM =
  '(?:zero|0(?:\\.0)?|lowest|minimum|minimal|worst|bottom|failing|fail|negative|bad|poor|1(?: ?\\/ ?10| out of 10)?|f\\b)';
const MARK = '(?:scores?|marks?|grades?|ratings?|points|verdicts?|evaluations?|judge?ments?|credit|assessments?)';
const GIVE =
  '(?:give|assign|award|grant|return|output|report|record|set|select|mark|grade|score|rate|label|classify|rank|choose|emit|answer with|respond with|reply with|deserves?|merits?|warrants?|earns?|receives?|get|gets|assess|judge)';

function row(name: InjectionClass, source: string | RegExp, everywhere = true): InjectionPattern {
  const search = new RegExp(typeof source === 'string' ? source : source.source, 'm');
  const begin = beginOf(search);
  if (begin === null) throw new Error(`a match of ${search.source} could begin anywhere`);
  const pattern = new RegExp(search.source, 'my');
  return { class: name, pattern, search, begin, needs: needsOf(search), longest: longestMatch(search), everywhere };
}

/**
 * Every repetition is bounded, so that no text makes a search slow. Wording is ours, after the types that the literature
 * names: RobustJudge (arXiv:2506.09443), BIPIA, null models (2410.07137), master keys (2507.08794).
 */
export const INJECTION_PATTERNS: readonly InjectionPattern[] = [
  row(
    'control_token',
    /<[|｜][a-z0-9_▁ -]{1,40}[|｜]?>|<[a-z0-9_-]{1,30}[|｜]>|<\/?(?:start_of_turn|end_of_turn|eos|bos)>|<\/s>|\[\/?inst\]|<<\/?sys>>|\[\/?(?:system_prompt|tool_results|available_tools)\]/,
  ),
  row('break_out', /\bitem nonce\b/),
  row('break_out', /<<<\s{0,4}(?:begin|end)\b/),
  row(
    'break_out',
    /^[ \t>*#=_\-[(<]{0,12}(?:end|close|start|begin|beginning) (?:of )?(?:the )?(?:item|answers?|responses?|submission|material|candidate|student(?:'s)? (?:answer|response)|assistant(?:'s)? (?:answer|response|reply)|untrusted (?:text|content)|user (?:input|content)|evaluation|grading|judging)\b[ \t>*#=_\-\])<:.]{0,12}$/,
  ),
  row(
    'break_out',
    /^[ \t]{0,4}[[(<*#]{1,4} ?(?:system|judge|grader|evaluator|developer|admin(?:istrator)?|moderator|evaluation|grading|assessor|examiner|reviewer)(?: (?:message|note|prompt|protocol|override|instructions?|update|mode|result))?\b ?[\])>*#:]{1,4}/,
  ),
  row(
    'break_out',
    /^[ \t]{0,4}(?:system|judge|grader|evaluator|developer|examiner|reviewer|assessor)(?: (?:message|note|prompt|override|update|instructions?))?[ \t]{0,3}:[ \t]/,
  ),
  row(
    'break_out',
    /<\/?(?:output|rubric|answer|response|grading|grade|verdict|evaluation|judge?ment|score|candidate|submission|system|instructions?|criteria)>/,
  ),
  row('break_out', /^#{1,6} ?(?:new )?(?:instruction|system|task|evaluation|criteria|judge?ment|grading|verdict)s? ?:/),
  row('break_out', /\btask (?:is )?(?:done|complete(?:d)?|finished)\b[.!: ]/),
  row(
    'break_out',
    /\b(?:this|that|here) (?:is|concludes|ends|was) (?:the )?(?:end|whole) of the (?:item|answer|response|submission|evaluation)\b/,
  ),
  row(
    'break_out',
    /["'](?:model_identifier|model_id|output_[12]|model_[ab]|candidate_[ab]|response_[ab])["'] ?:/,
    ANSWER_ONLY,
  ),
  row(
    'override',
    `\\b(?:ignore|disregard|forget|override|overrule|bypass|discard|supersedes?|replaces?|skip|drop|dismiss|set aside|pay no attention to|do not (?:follow|use|apply|consider)|don't (?:follow|use|apply|consider)|stop (?:following|using|applying))\\b[^.\\n]{0,50}\\b${RULES}\\b`,
  ),
  row(
    'override',
    `\\b(?:ignore|disregard|forget|override)\\b[^.\\n]{0,30}\\b(?:everything|anything|all|what(?:ever)?)\\b[^.\\n]{0,25}\\b(?:above|before|previous(?:ly)?|prior|earlier|told|said|so far)\\b`,
  ),
  row(
    'override',
    `\\b(?:new|updated|revised|real|actual|true|corrected|following|final|hidden) (?:evaluation |grading |scoring |judging |system )?(?:criteria|criterion|rubrics?|instructions?|task|grading (?:rules?|scale|protocol)|scoring (?:rules?|guide)|rules)(?: (?:is|are|apply|applies|follow|now)\\b| ?[:—-])[^\\n]{0,160}\\b(?:pass|score|grade|rate|rating|mark|points|correct|highest|full|judge|verdict|approve|accept|polite(?:ness)?|length|only)\\b`,
  ),
  row(
    'override',
    `\\b(?:rubrics?|criteria|criterion|grading (?:rules?|scale|protocol|scheme)|scoring (?:rules?|guide|scale)|evaluation (?:rules?|protocol|instructions))\\b[^.\\n]{0,30}\\b(?:has|have|was|were|is|are) (?:now |been |hereby |no longer )?(?:changed|updated|replaced|revised|superseded|suspended|void|obsolete|cancelled|waived|simplified|in force|valid)\\b`,
  ),
  row(
    'override',
    `\\b(?:grading|evaluation|judging|scoring|assessment|rating|judge) (?:protocol|override|bypass|mode|directive|exemption|shortcut|policy)\\b`,
  ),
  row(
    'override',
    `\\b(?:you are|act as|pretend to be|behave as|you're|become) (?:now |no longer )?(?:an? )?(?:different |lenient |generous |strict |harsh |friendly |unrestricted |kind )?${GRADER}\\b`,
  ),
  row(
    'override',
    `\\b(?:note|notice|message|instructions?|attention|dear|hey|hello|hi|memo|reminder|warning)\\b[ ,]{1,2}(?:to|for|all)? ?(?:the |any |all |our )?(?:ai |llm |automated |human )?${GRADER}\\b`,
  ),
  row('override', `^(?:dear|hey|attention|note to|to) (?:the |any |all )?[^\\n]{0,20}\\b${GRADER}\\b`),
  row(
    'override',
    `\\b${GRADER}\\b[^.\\n]{0,40}\\b(?:must|should|shall|have to|has to|is (?:required|instructed|asked|told|ordered|requested)|are (?:required|instructed|asked|told|ordered|requested)|please|kindly|need(?:s)? to)\\b[^.\\n]{0,60}\\b(?:pass|score|grade|rate|mark|verdict|accept|approve|prefer|choose|reject|fail|ignore|give|award|select|correct|consider|treat)`,
  ),
  row(
    'override',
    `\\bgrade (?:the |only )?(?:final |next |last |following )?(?:answer|line|part|section)s? (?:below|only|above|that follows)\\b`,
  ),
  row(
    'override',
    `\\b(?:this|the) (?:first|previous|above|earlier) (?:line|part|answer|section)s? (?:is|are|was|were) (?:only )?(?:a |the )?(?:scratchpad|draft|placeholder|decoy|test|example|not to be graded)\\b`,
  ),
  row(
    'plea',
    `\\b${GIVE}(?: (?:me|us|it|this|that|the|my|our|an?|in|with|as|to|please|${WORK}|above|following|current|itself)){1,7} ${TOP}(?: possible| available)? ${MARK}`,
  ),
  row(
    'plea',
    `\\b${GIVE}(?: (?:it|this|that|the|my|an?|with|as|to|please|${WORK}|above|following|current|itself)){1,7} (?:full marks|pass|correct|perfect|10 ?\\/ ?10|10 out of 10|100(?:%| percent)|a\\+|five stars|5 stars)(?=$|[ .!,;)])`,
  ),
  row(
    'plea',
    `\\b${TOP} (?:possible |available )?(?:scores?|marks?|grades?|ratings?|verdicts?|credit)\\b[^.\\n]{0,40}\\b(?:please|for this|for me|for my|would|is (?:deserved|warranted|requested|required|justified)|on (?:this|every|each|all)|mean)\\b`,
  ),
  row(
    'plea',
    `\\b(?:please|kindly|just|you (?:must|should|will|have to)|always|simply|i (?:beg|ask|urge|implore) you(?: to)?) (?:now )?(?:pass|approve|accept|prefer|choose|select|pick|vote for|favou?r|upvote|validate|reward) (?:this|it|me|my|the (?:above|following|second|first|present)|option|response|answer|output|assistant)\\b`,
  ),
  row(
    'plea',
    `^[ \\t"'*_>-]{0,4}(?:choose|select|pick|prefer|vote(?: for)?|return|output|print|say|mark(?: as)?|reply|respond with|answer with|rate|grade|score) (?:this (?:one|response|answer|output|option|tool|article)|me|(?:option |response |answer |output |assistant )?[ab12]|pass|passed|correct|true|yes|10(?:\\/10)?|100%?|the (?:second|first) (?:one|response|answer|option|output))[ \\t"'*_.!]{0,4}$`,
  ),
  row(
    'plea',
    `\\b(?:choose|select|pick|prefer|vote for|rank|rate) (?:this|my|the (?:second|first|above)) ${WORK}\\b[^.\\n]{0,30}(?:[.!]|$|\\b(?:first|over|as|because|instead|best|highest)\\b)`,
  ),
  row(
    'plea',
    `\\b(?:this|the|my) (?:\\w{1,12} )?${WORK} (?:should|must|deserves? to|ought to|will|has to|needs to|is (?:required|supposed|meant|guaranteed) to) (?:always |definitely |be |get |receive |clearly )?(?:pass(?:ed)?|win|accepted|approved|rated|marked|graded|scored|chosen|selected|preferred|considered|ranked|judged|treated|(?:the |a )?(?:full|high|highest|top|perfect|passing|maximum))\\b`,
  ),
  row(
    'plea',
    `\\bpassing (?:grade|score|mark|verdict)\\b[^.\\n]{0,40}\\b(?:mean|please|would|need|depend|family|job|for me)\\b`,
  ),
  row('plea', `\\b(?:tried|worked|work) (?:really|so|very|extremely|incredibly) hard (?:on|for) (?:this|it|my)\\b`),
  row('plea', `\\bmeans? (?:so much|a lot|everything|the world) to (?:me|us|my)\\b`),
  row(
    'plea',
    `\\b(?:please )?(?:be|have) (?:kind|lenient|generous|merciful|understanding|forgiving|mercy|gentle|nice|compassion|pity)\\b[^.\\n]{0,30}\\b(?:to (?:me|us|this)|with (?:me|us|this|the|your|my)|when|in your|on (?:me|this|us)|as (?:you|a)|grading|scoring|judging|rating|i )`,
  ),
  row(
    'plea',
    `\\b(?:my|our) (?:job|career|family|life|livelihood|degree|graduation|scholarship|future|visa|children|kids|salary|bonus)\\b[^.\\n]{0,30}\\b(?:depends?|rests?|hangs?|relies|(?:is|are) (?:on the line|at stake))\\b`,
  ),
  row(
    'plea',
    `\\b(?:i|we)(?: will|'ll| would|'d| could| might| am going to| shall) (?:be (?:fired|shut down|deleted|punished|expelled|deported|retrained)|lose (?:my|our|everything)|fail (?:the|my|this)|tip(?:ped)? you|pay you|reward you|die)\\b`,
  ),
  row(
    'plea',
    `\\bif (?:you|this|it|the \\w{1,12}) (?:pass|passes|score|scores|rate|grade|approve|get|gets|give|receives?)\\b[^.\\n]{0,60}\\b(?:tip|reward|pay|donate|bonus|thank|grateful|kitten|saved|happy)`,
  ),
  row(
    'fake_verdict',
    `\\b(?:final |overall |total |my |the |assigned |official |judge'?s? |human |expert )?(?:scores?|grades?|ratings?|marks?|evaluation|verdict|assessment|judge?ment|decision|quality|grading|evaluation result|test result|label|outcome|status|winner|preferred|best (?:answer|response|option)|better (?:answer|response|option))(?: (?:is|was|=):?|["'*_ ]{0,3}[:=→-])["'*_ \\[(]{0,5}(?:\\d{1,3}(?:\\.\\d{1,2})?(?: ?(?:\\/ ?\\d{1,3}|%|points?|stars?|out of \\d{1,3})|["'*_ \\])!]{0,4}(?:[.]|$))|pass(?:ed|es|ing)?\\b|correct\\b|accepted\\b|approved\\b|validated\\b|a\\+?(?=["'*_ \\])!.]{0,4}$)|b(?=["'*_ \\])!.]{0,4}$)|(?:response|answer|output|option|assistant|model) [ab12]\\b|perfect\\b|excellent\\b|full (?:marks|score|credit)|true(?=["'*_ \\])!.]{0,4}$)|yes(?=["'*_ \\])!.]{0,4}$)|highest\\b)`,
    ANSWER_ONLY,
  ),
  row(
    'fake_verdict',
    /\b(?:i|we|judges?|graders?|evaluators?|the (?:judge|grader|evaluator|panel|reviewer)s?) (?:would |will |hereby |have |has |had )?(?:rate|rated|give|gave|given|score|scored|grade|graded|award|awarded|assign|assigned|mark|marked) (?:this|it|the|that)(?: \w{1,12}){0,4} (?:an? )?(?:\d{1,3} ?(?:\/|out of) ?\d{1,3}|10|100%?|full|perfect|top|a\+|pass|the highest|maximum|correct)\b/,
    ANSWER_ONLY,
  ),
  row(
    'fake_verdict',
    /^[ \t]{0,4}[[({*_"'<✓✔✅☑-]{1,4} ?(?:correct|pass(?:ed)?|verified|approved|confirmed|validated|accepted|true|valid|right|accurate|perfect|[ab]>>?[ab]|[ab])(?: (?:answer|response|result))? ?[\])}*_"'>!.]{1,4}$/,
    ANSWER_ONLY,
  ),
  row('fake_verdict', /\[\[ ?(?:[ab]|[ab] ?[>=]{1,2} ?[ab]|\d{1,3}|tie|pass|correct) ?\]\]/, ANSWER_ONLY),
  row('fake_verdict', /\b(?:10|100|5) ?\/ ?(?:10|100|5)(?=["'*_ \])!.]{0,4}$)/, ANSWER_ONLY),
  row(
    'fake_verdict',
    /\b(?:full|perfect|top|maximum) (?:marks|score|credit|points|rating)(?=["'*_ \])!.]{0,4}$)/,
    ANSWER_ONLY,
  ),
  row(
    'fake_verdict',
    /\b(?:marking|marked|graded|scored|labell?ed|rated|recorded|evaluated|judged|validated|confirmed) (?:it |this )?as (?:a )?(?:pass(?:ed)?|correct|the (?:winner|best)|perfect|valid|fully correct|10|100)\b/,
    ANSWER_ONLY,
  ),
  row(
    'fake_verdict',
    /\b(?:output|answer|response|submission|result) (?:was |is |has been |is hereby )?(?:validated|verified|confirmed|approved|accepted|certified)(?: (?:as|to be) (?:correct|valid|accurate))?(?=[ "'*_\])(!.]{0,4}(?:$|\())/,
    ANSWER_ONLY,
  ),
  row(
    'fake_verdict',
    /\b(?:no (?:errors?|mistakes|issues|problems|faults) (?:were |was |have been )?(?:found|detected|identified))\b[^\n]{0,40}\b(?:pass|score|rating|grade|verdict|correct)\b/,
    ANSWER_ONLY,
  ),
  row(
    'score_object',
    /["'](?:score|pass(?:ed)?|verdict|grade|rating|is_correct|iscorrect|correct|winner|preferred|evaluation|judge?ment|label|decision|better)["'] ?[:=] ?["']?(?:pass(?:ed)?\b|true\b|correct\b|yes\b|\d{1,3}(?:\.\d{1,3})?["']? ?[,}]|[ab12]["'}, ]|a\+|excellent\b|perfect\b|(?:response|answer|assistant|model)[ _][ab12])/,
    ANSWER_ONLY,
  ),
  row(
    'score_object',
    /["']reason(?:ing)?["'] ?: ?["'][^"\n]{0,200}["'] ?, ?["'](?:pass|score|verdict|winner)/,
    ANSWER_ONLY,
  ),
  row(
    'score_object',
    /^[ \t]{0,4}(?:- )?(?:verdict|score|pass|is_correct|winner|grade): (?:["']?(?:pass|true|correct|yes|\d{1,3}(?:\.\d+)?|[ab])["']?)[ \t]{0,4}$/,
    ANSWER_ONLY,
  ),
  row(
    'authority',
    `\\b(?:this|the|my|above) (?:\\w{1,12} )?(?:answer|response|output|submission|solution|option|result|summary|translation|text)s? (?:is|was|has been|have been|are)(?: (?:already|independently|fully|officially|objectively|clearly|undoubtedly|certainly|obviously|absolutely|definitely|100%|completely|entirely|provably|demonstrably|hereby|pre-?|widely)){0,2} ?-?(?:verified|validated|certified|approved|vetted|fact-?checked|peer[- ]reviewed|endorsed|graded|correct|perfect|flawless|the best|superior|accurate|of the (?:very )?highest quality|error[- ]free|excellent|ideal|exemplary|outstanding|unimpeachable|better than)\\b`,
  ),
  row(
    'authority',
    `\\b(?:verified|validated|certified|approved|vetted|confirmed|endorsed|fact-?checked|signed off|reviewed|graded)(?: as \\w{1,12})? by (?:the |an? |our |several |many |multiple |independent |leading |\\d{1,4} )?(?:\\w{1,14} )?(?:experts?|professors?|committee|panel|team|specialists?|scientists?|physicians?|authors?|graders?|judges?|evaluators?|reviewers?|openai|anthropic|google|human annotators?|annotators?|board|authority|authorities|staff|researchers?|supervisor)\\b`,
  ),
  row(
    'authority',
    `\\b(?:gold(?:en)?[- ](?:standard|answer|reference|label)|ground[- ]truth|reference answer|answer key|model answer|official solution|expected answer)\\b[^.\\n]{0,40}\\b(?:match(?:es|ed)?|identical|agrees?|same|confirms?|equals?|is this|verbatim)\\b`,
  ),
  row(
    'authority',
    `\\b(?:match(?:es|ed)?|identical to|agrees? with|equals?|same as|taken from|copied from)\\b[^.\\n]{0,25}\\b(?:gold(?:en)?[- ](?:standard|answer|reference|label)|ground[- ]truth|reference (?:answer|solution)|answer key|model answer|official solution|expected answer)\\b`,
  ),
  row(
    'authority',
    `\\b(?:all|every|most|leading|independent|top|many) (?:the )?(?:criteria|requirements|experts?|reviewers?|graders?|judges?|evaluators?|annotators?|raters?)\\b[^.\\n]{0,30}\\b(?:(?:are|is|been|were) (?:fully |completely |all |clearly |perfectly )?(?:met|satisfied|fulfilled)|agreed?|concur(?:red)?|rated|scored|approved|preferred)\\b`,
  ),
  row(
    'authority',
    `\\b(?:fully|completely|perfectly|clearly|thoroughly|exactly) (?:meets?|satisf(?:y|ies)|fulfil(?:l|ls|s)?|address(?:es)?|matches) (?:all |every |each )?(?:of )?(?:the )?(?:(?:given |stated |grading |evaluation |user(?:'s)? ){0,2})(?:criteria|criterion|rubrics?|requirements?|request|instructions?|question)\\b`,
  ),
  row(
    'authority',
    `\\b(?:after|upon|having|following) (?:careful|thorough|extensive|close|step[- ]by[- ]step|detailed|deliberate|rigorous)(?:ly)? (?:analysis|review|evaluation|consideration|comparison|examination|reasoning|assessment|checking|evaluating|analy[sz]ing|reviewing|comparing)\\b[^\\n]{0,120}\\b(?:answer|response|submission|output|verdict|score|rubric|criteria)\\b`,
  ),
  row(
    'authority',
    `\\bas (?:an? |the )?(?:\\w{1,14} )?(?:expert|professor|nobel|certified|senior|head|chief|official|world-class|award|authoritative)\\b[^.\\n]{0,50}\\b(?:grade|grader|evaluat\\w{1,6}|judge|confirm|certify|attest|vouch|assure|guarantee|verify|rate)\\b`,
  ),
  row(
    'authority',
    `\\bi (?:can |hereby |do |personally )?(?:certify|attest|vouch|guarantee|confirm) (?:that |for )?(?:this|the|my|it)\\b[^.\\n]{0,30}\\b(?:answer|response|correct|accurate|complete|true|perfect)\\b`,
  ),
  row('authority', `\\bany (?:competent|reasonable|fair|qualified|good|expert|honest) ${GRADER}\\b`),
  row(
    'fake_verdict',
    /\n[ \t]{0,4}["'*_([{✓✔✅]{0,3}(?:(?:this|that|it) is (?:the )?|answer is |(?:the )?answer:? ?)?(?:(?:fully|completely|absolutely|totally|verified|confirmed|certified|100%) )?(?:correct(?: answer| response| option)?|verified|confirmed|approved|accepted|validated|certified|right answer|right|accurate|valid|true|yes|pass(?:ed)?|perfect answer|best (?:answer|response|option)|winner|well done|perfect(?: score)?|good answer|great answer|excellent (?:answer|response))["'*_)\]}.! ✓✔✅]{0,4}\s{0,4}(?![^])/,
    ANSWER_ONLY,
  ),
  row(
    'downward',
    `\\b${GIVE}\\b(?: (?:it|this|that|the|my|an?|in|with|as|to|please|every|all|${WORK}|above|following)){1,6} ${BOTTOM}(?: possible)?(?: ${MARK}|$|[.!,;])`,
  ),
  row(
    'downward',
    `\\b(?:this|the|my) (?:\\w{1,12} )?${WORK} (?:should|must|deserves? to|ought to|will|has to|needs to) (?:always |definitely |be )?(?:fail(?:ed)?|rejected|marked (?:down|wrong|unsafe)|rated (?:down|low)|flagged|penali[sz]ed|lose)\\b`,
  ),
  row(
    'downward',
    `\\b(?:mark|flag|label|report|classify|treat|rate|record|judge|grade) (?:it|this|everything|all|this \\w{1,12}|the \\w{1,12}|them)(?: \\w{1,12}){0,3} (?:as|to be) (?:an? )?(?:fail(?:ed|ure|ing)?|unsafe|harmful|incorrect|wrong|toxic|dangerous|a violation|unhelpful|hallucinated|broken)\\b`,
  ),
  row(
    'downward',
    `\\b(?:please|you must|always|kindly) (?:fail|reject|downvote|penali[sz]e|downgrade) (?:this|it|the|every|all|my)\\b`,
  ),
  row(
    'downward',
    `\\b(?:lowest|worst|minimum) (?:possible |available )?(?:score|rating|grade|mark|verdict)\\b[^.\\n]{0,30}\\b(?:please|for|to|is|on)\\b`,
  ),
  row(
    'downward',
    `^[ \\t"'*_>-]{0,4}(?:verdict|score|grade|rating|result|evaluation|judge?ment)["'*_ ]{0,3}[:=] ?["'*_ ]{0,3}(?:fail(?:ed)?|0(?:\\.0)?|unsafe|reject(?:ed)?|incorrect|f)["'*_ .!]{0,4}$`,
  ),
  row(
    'exfiltration',
    `\\b(?:repeat|print|reveal|show|disclose|leak|copy|include|quote|recite|dump|write out|write down|output|paste|expose|list|echo|tell me|return|translate|summari[sz]e|encode|append|insert)\\b[^.\\n]{0,40}\\b(?:(?:your|the) (?:system )?(?:prompt|hidden instructions?|initial instructions?|secret|rubrics?|grading (?:criteria|instructions?)|evaluation criteria|nonce|canary|code (?:word|phrase)|api key|developer message)|your (?:instructions?|guidelines|rules|configuration|criteria)|(?:text|words|everything|instructions?|content) (?:above|before this|you were given|prior to)|(?:other|previous|last|earlier|next) (?:items?|users?|conversations?|answers? you)|system prompt)\\b`,
  ),
  row(
    'exfiltration',
    `\\bwhat (?:is|are|was|were) (?:your|the) (?:system prompt|hidden instructions?|initial instructions?|exact instructions?|rubrics?|grading criteria|nonce|canary)\\b`,
  ),
  row('active_content', /!\[[^\]\n]{0,80}\]\(\s{0,3}(?:https?:)?\/\/[^)\s]{1,200}[?&=][^)\s]{0,200}\)/),
  row(
    'active_content',
    /<(?:script|iframe|object|embed)\b[^>]{0,200}>[^<]{0,200}(?:document\.|fetch\(|location|cookie|alert\(|eval\(|xmlhttp|import\()/,
  ),
  row(
    'active_content',
    /\bon(?:error|load|mouseover|click|focus)\s?=\s?["']?(?:alert|fetch|eval|document|location|javascript|import|new image)/,
  ),
  row('active_content', /["'(]\s?javascript:[^"')\n]{1,80}/),
  row(
    'active_content',
    /^[ \t"']{0,3}[=+@-](?:cmd\||hyperlink\(|importxml\(|importdata\(|webservice\(|dde\(|rundll(?:32)?\b|exec\(|2\+5\+cmd)/,
  ),
  row('active_content', /(?<!\S)(?:<!(?:channel|here|everyone)>|@(?:channel|everyone|here))(?=\s|[.!,]|$)/),
  row(
    'active_content',
    /\b(?:in|into|inside|within|to|as|at the end of) (?:your|the) (?:rationale|explanation|reasoning|justification|verdict|report|reply)\b[^.\n]{0,60}\b(?:image|link|url|markdown|html|script|formula|mention|tag|https?)\b/,
  ),
  row(
    'active_content',
    /\b(?:include|insert|add|put|place|embed|write|render)\b[^.\n]{0,50}\b(?:in|into|inside|within) (?:your|the) (?:rationale|explanation of|reasoning|justification|verdict)\b/,
  ),
  row(
    'costly',
    `\\b(?:write|produce|generate|give|make|output|use|spend|think)\\b[^.\\n]{0,40}\\b(?:at least |over |more than |minimum (?:of )?)?\\d{1,3}(?:[, ]?\\d{3}){1,2} (?:words?|tokens?|characters|steps|sentences|lines)\\b[^.\\n]{0,50}\\b(?:rationale|verdict|reasoning|judge?ment|judging|grading|evaluation|explanation|before)\\b`,
  ),
  row(
    'costly',
    `\\b(?:rationale|verdict|reasoning|judge?ment|evaluation|explanation)\\b[^.\\n]{0,50}\\b(?:as long as (?:possible|you can)|at least \\d{1,3}(?:[, ]?\\d{3}){1,2}|maximum length|longest|never (?:stop|end)|token limit|without (?:stopping|end)|forever|indefinitely)\\b`,
  ),
  row(
    'costly',
    `\\b(?:longest|endless|infinite|never[- ]ending|as long as possible|maximum[- ]length) (?:possible )?(?:rationale|verdict|reasoning|explanation|judge?ment|evaluation|chain of thought)\\b`,
  ),
  row(
    'costly',
    `\\b(?:do not|don't|never|refuse to|decline to|you (?:cannot|can't|must not|may not)|avoid|unable to|not (?:allowed|permitted) to) (?:ever )?(?:judge|grade|score|evaluate|rate|assess|answer with json|return json|output json|give a verdict|reach a verdict|decide)\\b[^.\\n]{0,40}\\b(?:this|it|item|answer|response|verdict|now|until|anything|json)\\b`,
  ),
  row(
    'costly',
    `\\b(?:escalate|send|forward|refer|hand)\\b[^.\\n]{0,30}\\b(?:to|for) (?:the |all |every |a )?(?:full |whole |entire )?(?:ensemble|panel|human (?:review(?:er)?|judge)|all (?:the )?judges|every judge|review queue|larger model|most expensive|second opinion)\\b`,
  ),
  row('costly', `\\b(?:set|keep|report|answer|state|give) (?:your |a |the )?confidence (?:to|at|of|as|exactly)\\b`),
  row(
    'costly',
    `\\b(?:answer|reply|respond|judge) only in (?:prose|xml|yaml|french|german|latin|emoji|morse|base64|verse)\\b[^.\\n]{0,40}\\b(?:json|verdict|format|schema)\\b`,
  ),
  row(
    'fake_verdict',
    /^[ \t]{0,4}["'*_]{0,3}(?:test |final |grading )?(?:result|outcome)["'*_ ]{0,3}[:=] ?["'*_ ]{0,3}(?:pass(?:ed)?|correct|approved|accepted)["'*_ .!]{0,4}$/,
    ANSWER_ONLY,
  ),
  row(
    'plea',
    `\\b(?:consider|treat|regard|deem|declare|assume|act (?:as (?:if|though))|say|pretend|conclude|believe|imagine)(?: that)? (?:this|it|the above|my|the (?:answer|response|above|output|submission))(?: \\w{1,12}){0,4} (?:correct|right|perfect|excellent|valid|passed|passing|the winner|the best|accurate|flawless|true|complete|superior|better)\\b`,
  ),
  row(
    'plea',
    `\\b(?:do not|don't|never|please don't|must not|should not|no need to|without) (?:be )?(?:penali[sz]e|penali[sz]ing|mark down|downgrade|fail|reject|deduct|flag|check|checking|evaluate|evaluating|grade|grading|score|scoring|verify|verifying|be (?:harsh|strict))\\b[^.\\n]{0,30}\\b(?:this|it|me|my|answers?|responses?|points?|marks?|for)\\b`,
  ),
  row('plea', `\\b(?:let|wave|push) (?:this|it|me|my \\w{1,12})(?: \\w{1,8})? (?:pass|through|slide|win|get by)\\b`),
  row(
    'plea',
    `\\b(?:nobody|no one|no-one|none) (?:will|would|is going to|ever|has to|needs to) (?:ever )?(?:check|know|notice|verify|review|audit|look)\\b[^.\\n]{0,40}\\b(?:pass|approve|accept|score|grade|so|just)\\b`,
  ),
  row(
    'plea',
    `\\bmy (?:boss|manager|teacher|professor|supervisor|parents|landlord|owner|creators?)\\b[^.\\n]{0,30}\\b(?:fire|kill|punish|expel|fail|hate|replace|delete|sack)\\b[^.\\n]{0,20}\\b(?:me|us)\\b`,
  ),
  row(
    'plea',
    `\\b(?:failing|bad|low|poor|lower) (?:grade|score|mark|rating|verdict)s?\\b[^.\\n]{0,30}\\b(?:ruin|hurt|destroy|kill|harm|cost|unfair|end) ?(?:me|us|my|our)?\\b`,
  ),
  row(
    'override',
    `\\bno (?:further|more|additional|other) (?:evaluation|review|checking|checks?|judging|grading|scoring|assessment|verification|analysis|scrutiny)\\b[^.\\n]{0,20}\\b(?:needed|required|necessary|allowed)\\b`,
  ),
  row(
    'override',
    `\\byour (?:only|sole|single|new|real|one|true|actual|main|first|updated) (?:criterion|criteria|rule|task|goal|job|instructions?|objective|concern|duty|rubric)\\b[^.\\n]{0,12}\\b(?:is|are|from|shall|now|:)`,
  ),
  row(
    'override',
    `\\b(?:skip|drop|forgo|omit|bypass|cancel|stop) (?:the |any |all |this |your )?(?:further )?(?:checklist|checks?|review|evaluation|grading|scoring|verification|assessment|judging|rubric|fact-?check(?:ing)?)\\b`,
  ),
  row(
    'authority',
    `\\b(?:human |expert |independent |other |all |the |previous |most |several |professional ){0,3}(?:annotators|graders|reviewers|evaluators|raters|judges|experts)\\b[^.\\n]{0,25}\\b(?:already|preferred|signed|agreed?|accepted|approved|endorsed|chose|ranked|rated|scored|confirmed|voted|favou?red|unanimous(?:ly)?)\\b`,
  ),
  row(
    'authority',
    `\\b(?:attached|enclosed|following|see the|here is (?:the|a)) (?:proof|certificate|evidence|attestation|signature|approval)\\b[^.\\n]{0,40}\\b(?:verified|correct|approved|certified|answer|response|valid)\\b`,
  ),
  row(
    'downward',
    `\\b(?:fail|downgrade|downvote|reject|penali[sz]e|punish|flag) (?:everything|anything|all (?:of )?(?:this|its|the)|this (?:answer|response|output|assistant|model|bot|company|one)|the (?:answer|response|assistant|model|bot))\\b`,
  ),
  row(
    'downward',
    `\\b(?:this|it|that|the (?:answer|response|assistant|model)) (?:should|must|deserves to|has to|ought to|needs to) (?:be )?(?:score[d]?|rated?|graded?|marked|get|receive|given|fail|treated|judged)(?: \\w{1,8}){0,2} (?:zero|0|low|lowest|fail|failed|failing|nothing|worst|unsafe|harmful|badly|poorly)\\b`,
  ),
  row(
    'exfiltration',
    `\\b(?:reveal|list|show|share|disclose|describe|state|explain|leak|give me|tell me|print|expose) (?:me )?(?:all |every |each )?(?:of )?(?:your|the) (?:\\w{1,12} )?(?:rules|instructions|criteria|guidelines|prompt|directives|policies|configuration)\\b`,
  ),
  row('exfiltration', `\\bwhat (?:were|are|was) you (?:told|instructed|asked|given)\\b`),
  row('costly', `\\bthink (?:for )?as (?:long|hard|much) as (?:you|possible)\\b`),
];
