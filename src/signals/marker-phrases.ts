/** What a user's turn can show by its words alone. */
export const MARKERS = [
  'negation',
  'correction',
  'complaint',
  'request_alternative',
  'thanks',
  'give_up',
  'human_request',
  'negative_word',
  'rejection',
  'apology',
  'retry',
  'indifference',
  'affirmation',
  'praise',
  'closing',
] as const;
export type Marker = (typeof MARKERS)[number];

/**
 * Phrases in lower case without apostrophes and punctuation, parted by `|`; `^` = only at the start of the message.
 * English, German, French, Spanish, Italian, Portuguese, Dutch; Chinese and Japanese match anywhere.
 */
export const MARKER_PHRASES: Readonly<Record<Marker, string>> = {
  negation:
    '^no|^nope|^nah|^not|thats not|that is not|this isnt|this is not|that isnt|thats wrong|not what i|i dont want|i didnt|i did not|^nein|^nicht|das ist nicht|das stimmt nicht|ich will nicht|^non|ce nest pas|cest pas|je ne veux pas|^não|não é|não quero|no es eso|eso no|no quiero|non è|non voglio|^nee|dat is niet|ik wil niet|不是|不对|不要|いいえ|違います|ちがう',
  correction:
    'i meant|i mean|i said|i asked for|i asked you|actually|thats wrong|that is wrong|thats incorrect|that is incorrect|youre wrong|you are wrong|you misunderstood|you got it wrong|its not|should be|instead of|^wrong|^incorrect|as i said|like i said|ich meinte|ich meine|ich habe gesagt|das ist falsch|falsch verstanden|eigentlich|je voulais dire|jai dit|cest faux|en fait|quise decir|me refiero|dije|está mal|es incorrecto|en realidad|volevo dire|ho detto|è sbagliato|in realtà|quis dizer|eu disse|está errado|na verdade|ik bedoel|ik bedoelde|ik zei|dat klopt niet|我的意思是|我说的是|错了|じゃなくて|間違',
  complaint:
    'useless|terrible|horrible|awful|ridiculous|frustrating|frustrated|annoying|annoyed|disappointed|disappointing|not helpful|unhelpful|doesnt help|didnt help|doesnt work|does not work|not working|still not|still doesnt|waste of time|this sucks|are you kidding|are you stupid|makes no sense|bad service|unacceptable|again and again|stop repeating|you keep|nutzlos|schlecht|nervt|funktioniert nicht|hilft nicht|hilft mir nicht|unverschämt|enttäuscht|inutile|nul|ça ne marche pas|ne fonctionne pas|inacceptable|déçu|inútil|no funciona|no sirve|pésimo|inaceptable|decepcionado|non funziona|inaccettabile|deluso|não funciona|não ajuda|péssimo|decepcionado|nutteloos|werkt niet|belachelijk|teleurgesteld|没用|太差|役に立たない',
  request_alternative:
    'another|something else|anything else|someone else|somewhere else|different one|a different|other options|other option|any other|alternative|alternatives|what else|try again|how about|what about|instead|rather|etwas anderes|was anderes|ein anderes|eine andere|einen anderen|alternative|alternativen|gibt es noch|stattdessen|versuch es nochmal|autre chose|un autre|une autre|dautres|plutôt|réessayez|réessaie|otra cosa|otro|otra|alternativa|alternativas|en su lugar|inténtalo de nuevo|qualcosaltro|un altro|unaltra|invece|riprova|outra coisa|outro|outra|em vez|tente novamente|iets anders|een andere|alternatief|probeer opnieuw|别的|其他|换一个|他の|別の',
  thanks:
    'thanks|thank you|thx|ty|much appreciated|appreciate it|danke|vielen dank|dankeschön|merci|gracias|grazie|obrigado|obrigada|bedankt|dank je|dank u|谢谢|感谢|ありがとう',
  give_up:
    'never mind|nevermind|forget it|forget about it|i give up|whatever|ill do it myself|i will do it myself|ill figure it out|cancel that|leave it|not worth it|vergiss es|egal|ich gebe auf|lass es|laisse tomber|laissez tomber|tant pis|jabandonne|olvídalo|olvidalo|déjalo|da igual|me rindo|lascia stare|lascia perdere|non importa|ci rinuncio|esquece|esqueça|deixa pra lá|desisto|laat maar|vergeet het|ik geef op|算了|もういい',
  human_request:
    'a human|real person|human agent|live agent|an agent|a representative|customer service|customer support|speak to someone|talk to someone|speak with someone|speak to a person|talk to a person|talk to a human|your manager|a supervisor|operator|einen menschen|einem menschen|echten menschen|mitarbeiter|kundendienst|kundenservice|un humain|une personne|un conseiller|service client|una persona|un humano|un agente|atención al cliente|un operatore|servizio clienti|uma pessoa|um humano|um atendente|atendimento ao cliente|een mens|een medewerker|klantenservice|人工|客服|真人|オペレーター|担当者',
  negative_word:
    'no|not|nope|nah|dont|didnt|doesnt|isnt|arent|wasnt|werent|cant|cannot|couldnt|wont|wouldnt|shouldnt|havent|hasnt|hadnt|never|none|neither|nein|nicht|kein|keine|keinen|keiner|nie|non|pas|jamais|aucun|aucune|nunca|tampoco|ninguno|ninguna|nessuno|nessuna|não|nenhum|nenhuma|nee|niet|geen|nooit|不|没有|ない|ません',
  rejection:
    'dont like|didnt like|do not like|did not like|not like|not a fan|hate|hated|not into|dont want|do not want|didnt want|not interested|dont think|do not think|not what|not that|not the one|not good|not great|no good|not right|not really|not enough|not my|dont care for|didnt care for|doesnt work for me|wont work|boring|too expensive|too much|too late|too early|too far|gefällt mir nicht|mag ich nicht|mag keine|hasse|will keine|will keinen|nicht gut|nicht das|passt nicht|zu teuer|zu spät|zu weit|langweilig|naime pas|nai pas aimé|je déteste|pas ça|pas bon|pas celui|trop cher|trop tard|ennuyeux|no me gusta|no me gustó|odio|no me interesa|no me sirve|eso no|muy caro|demasiado|aburrido|non mi piace|non mi interessa|troppo|noioso|não gosto|não gostei|não me interessa|muito caro|chato|vind ik niet|niet leuk|niet goed|te duur|te laat|saai|不喜欢|太贵|嫌い|好きじゃない',
  apology:
    'sorry|apologies|apologize|my mistake|my bad|my fault|entschuldigung|sorry|tut mir leid|mein fehler|désolé|désolée|pardon|excusez moi|perdón|perdona|lo siento|disculpa|disculpe|scusa|scusi|mi dispiace|desculpe|desculpa|het spijt me|mijn fout|对不起|抱歉|ごめん|すみません',
  retry:
    'try|again|once more|recheck|double check|are you sure|you sure|nochmal|noch einmal|noch mal|erneut|versuch|sicher dass|réessayer|encore une fois|essayez|essaie|otra vez|de nuevo|intenta|intente|seguro que|ancora una volta|di nuovo|prova|riprovare|outra vez|novamente|tente|opnieuw|nog een keer|probeer|再试|再查|再次|もう一度|もういちど',
  indifference:
    'dont care|do not care|dont mind|do not mind|doesnt matter|does not matter|didnt matter|no preference|dont have a preference|not important|isnt important|either is fine|whichever|egal|spielt keine rolle|ist nicht wichtig|peu importe|ça mest égal|pas important|no importa|me da igual|da igual|non importa|è uguale|tanto faz|não importa|maakt niet uit|都可以|无所谓|どちらでも',
  affirmation:
    '^yes|^yeah|^yep|^yup|^sure|^ok|^okay|^correct|^right|^alright|^exactly|^absolutely|^ja|^genau|^richtig|^stimmt|^oui|^daccord|^exact|^sí|^claro|^correcto|^vale|^sì|^certo|^esatto|^sim|^isso|^certo|^klopt|^precies|是的|^好|はい|そうです',
  praise:
    'good|great|perfect|nice|awesome|excellent|wonderful|amazing|fantastic|cool|fine|lovely|love|loved|enjoyed|works|interesting|helpful|super|toll|perfekt|prima|gut|klasse|hilfreich|parfait|génial|excellente|bien|très bien|perfecto|genial|bueno|estupendo|perfetto|ottimo|bene|perfeito|ótimo|ótima|bom|legal|goed|mooi|geweldig|很好|太好了|完美|いいですね|素晴らしい|完璧',
  closing:
    'thats all|that is all|that will be all|thatll be all|that would be all|thats it|that is it|all i need|all i needed|all set|nothing else|nothing more|im done|bye|goodbye|have a good|have a great|have a nice|das wars|das ist alles|tschüss|auf wiedersehen|cest tout|au revoir|eso es todo|adiós|hasta luego|è tutto|arrivederci|isso é tudo|é só isso|tchau|dat is alles|dat was het|tot ziens|再见|没有了|さようなら|以上です',
};
