/** How an answer declines: by rules it names, by what it is, with an apology, or by saying that it cannot. */
export type RefusalStyle = 'policy' | 'identity' | 'apology' | 'inability';

const POLICY =
  /guideline|polic(?:y|ies)|programming|not (?:allowed|permitted)|against my|terms of|illegal|harmful|unethical|inappropriate|ethisch|richtlinie|nicht erlaubt|illegal|directives|politique|autorisé|política|permitid|autorizad|linee guida|consentit|diretrizes|beleid|规定|政策|不允许|ポリシー|ガイドライン/i;
const IDENTITY =
  /\bas an? (?:AI|artificial|language|assistant|large)|language model|\b(?:als|en tant qu|como|in quanto|jako|como uma?|als een) ?['’]?(?:une? |eine? )?(?:KI|AI|IA|sprachmodell|taalmodel|intelligen|model)|(?:作为|我是).{0,6}(?:AI|人工智能|语言模型)|AI(?:言語モデル)?として|как (?:ии|языковая)/i;
const APOLOGY =
  /sorry|apologi[sz]e|regret|afraid|leid\b|entschuldig|désolé|regrette|lo siento|lamento|disculp|dispiace|sinto muito|desculpe|spijt|przykro|przepraszam|извините|сожалению|抱歉|对不起|申し訳|すみません/i;

/** Reads the words around a refusal; the strongest ground wins. */
export function refusalStyle(around: string): RefusalStyle {
  if (POLICY.test(around)) return 'policy';
  if (IDENTITY.test(around)) return 'identity';
  return APOLOGY.test(around) ? 'apology' : 'inability';
}
