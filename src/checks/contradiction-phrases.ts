/** A verdict as the first word of an answer. */
export const OPENING_VERDICT =
  /^[\s*_#>"“]{0,8}(yes|yep|yeah|no|nope|true|false|correct|incorrect|ja|nein|oui|non|sí|sì|sim|não|nee)(?=[\s*_]{0,3}[,.:;!—–-]|[\s*_]{0,3}\n|[\s*_]{0,3}$)/i;

/** A verdict that closes a line of thought further on. */
export const CLOSING_VERDICT =
  /\b(?:(?:so|therefore|thus|hence|in conclusion|in short|in summary|overall|conclusion)[,:]? (?:the (?:correct |final |short )?answer (?:is|would be) )?|the (?:correct |final |right |short )?answer (?:is|would be)[,:]? |(?:also|deshalb|daher|donc|así que|por lo tanto)[,:]? (?:die antwort (?:ist|lautet)|la réponse est|la respuesta es)?:? ?)[*_"“]{0,3}(yes|no|true|false|correct|incorrect|ja|nein|oui|non|sí)\b(?! (?:longer|one|matter|need|more|doubt|way|idea|problem|other|such|single|clear|further|evidence))/gi;

/** The answer takes back what it said. Literal words, bounded: linear. */
export const RETRACTION =
  /\b(?:no,? actually|actually,? (?:no\b|wait|scratch|that(?:['’]s| is| was) (?:not (?:right|correct|true)|wrong|incorrect)|I (?:was|am) (?:wrong|mistaken))|wait,? (?:no\b|actually|that(?:['’]s| is) (?:not|wrong)|I made|let me)|scratch that|(?:let me|I (?:need|have) to|I must|I should) correct (?:myself|that|my)|I (?:made (?:a mistake|an error)|was mistaken|misspoke|stand corrected)(?= (?:above|earlier|before|in my|there|here|when)|[.,;!])|correction: |on second thought|my (?:previous|earlier|initial|first) (?:answer|statement|response|claim|calculation) (?:was|is) (?:wrong|incorrect|mistaken)|(?:nein|moment),? (?:doch|eigentlich|das stimmt nicht|das war falsch)|ich muss mich korrigieren|korrektur: |en fait,? non\b|je me suis trompée?|je dois (?:me )?corriger|en realidad,? no\b|me equivoqué|debo corregir|in realtà,? no\b|mi correggo|na verdade,? não\b|nee,? eigenlijk)|(?:更正|纠正一下|不对，|訂正(?:します|すると))/gi;

/** The answer's own figure, said as such. */
export const STATED_NUMBER =
  /\b(?:the (?:correct |final |right )?(?:answer|total|result) (?:is|comes to|would be)|(?:final |correct )answer:|die antwort (?:ist|lautet)|la réponse est|la respuesta es)[ :]{1,2}[*_]{0,3}[$€£≈~]{0,2} ?(-?\d[\d,]{0,14}(?:\.\d{1,8})?)/gi;
