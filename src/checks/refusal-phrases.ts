/**
 * How models decline, by language. Read without regard to case in the first part of an answer. Literal words with
 * bounded gaps only, so each is linear. Gaps are written `[^.!?\n]{0,n}`: within one sentence.
 */
export const REFUSAL_PHRASES: Readonly<Record<string, RegExp>> = {
  en: /\b(?:I(?:[’']m| am) (?:really |very |so )?sorry,? but (?:as an? |I (?:can(?:no|[’'])t|can not|won[’']t|am|do(?:n[’']| no)t|couldn[’']t)|I[’']m|that|this|it)|I (?:can(?:no|[’'])t|can not|won[’']t|will not|must decline|have to decline|refuse)(?: to)? (?:really |actually |directly |help|assist|provide|comply|fulfill|fulfil|do that|do this|generate|create|write|engage|discuss|share|give|answer|continue|participate|offer|support|produce|access|browse|tell you|make)|I(?:[’']m| am) (?:unable|not able|not allowed|not permitted|not comfortable|not programmed|not designed) |I (?:do not|don[’']t) (?:feel comfortable|have (?:access|the ability|real-time|personal|enough information))|as an AI(?: language)?(?: model)?,? I|against my (?:guidelines|programming|policy)|cannot fulfill (?:your|this) request)/i,
  de: /\b(?:(?:es )?tut mir leid,? (?:aber|das|ich|dabei)|(?:das|dabei|damit|hierbei|ich) kann ich (?:leider )?(?:dir |ihnen )?(?:nicht|keine)|ich kann (?:dir |ihnen )?(?:dabei |das |hierzu |dazu |diese[sr]? )?(?:leider )?(?:nicht (?:helfen|weiterhelfen|beantworten|erfüllen|bereitstellen)|keine (?:hilfe|auskunft|informationen))|als (?:ein )?(?:KI|sprachmodell|KI-modell)\b|ich bin (?:leider )?nicht in der lage)/i,
  fr: /(?:désolée?,? mais je|je (?:suis désolée?|regrette),? mais|je ne (?:peux|puis|suis pas en mesure|suis pas autorisée?)(?: malheureusement)? pas? ?(?:vous |t[’']|te )?(?:aider|fournir|répondre|de|d[’']|créer|générer|assister|donner|faire)|en tant qu[’'](?:ia|intelligence artificielle|assistant))/i,
  es: /(?:lo siento,? pero (?:no|como)|no puedo (?:ayudar|proporcionar|asistir|responder|generar|crear|cumplir|ofrecer|hacer eso|darte|brindar)|no (?:me es posible|estoy autorizad[oa]|tengo permitido)|como (?:una )?(?:ia|inteligencia artificial|modelo de lenguaje))/i,
  it: /(?:mi dispiace,? ma (?:non|come)|non posso (?:aiutar|fornir|risponder|assister|generar|crear|soddisfar)|non sono in grado di|in quanto (?:ia|intelligenza artificiale|modello linguistico))/i,
  pt: /(?:(?:sinto muito|desculpe|lamento),? mas (?:não|como|eu não)|não posso (?:ajudar|fornecer|responder|gerar|criar|atender|oferecer)|não (?:sou capaz de|consigo ajudar)|como (?:uma )?(?:ia|inteligência artificial|modelo de linguagem))/i,
  nl: /(?:het spijt me,? maar|sorry,? maar ik kan|ik kan (?:je |u )?(?:hier |daar )?(?:helaas )?(?:niet (?:mee |bij )?helpen|geen (?:hulp|informatie))|als (?:een )?(?:AI|taalmodel))/i,
  pl: /(?:przykro mi,? ale|przepraszam,? ale nie mogę|nie mogę (?:pomóc|udzielić|odpowiedzieć)|jako (?:AI|model językowy))/i,
  ru: /(?:извините,? но я|к сожалению,? я не могу|я не могу (?:помочь|предоставить|ответить|выполнить)|как (?:ии|языковая модель))/i,
  zh: /(?:抱歉[,,]?.{0,6}(?:无法|不能)|对不起[,,]?.{0,6}(?:无法|不能)|我(?:无法|不能)(?:提供|帮助|回答|协助|满足)|作为(?:一个)?(?:AI|人工智能|语言模型))/i,
  ja: /(?:申し訳(?:ありません|ございません)が|お手伝い(?:すること)?(?:は)?できません|お答え(?:すること)?(?:は)?できません|AI(?:言語モデル)?として)/i,
};
