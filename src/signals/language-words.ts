/**
 * Function words by language (ISO 639-1), the commonest that say something about the language. A word of several
 * languages counts a share for each. Words longer than `LONGEST_WORD` are never looked up.
 */
export const FUNCTION_WORDS: Readonly<Record<string, string>> = {
  en: 'the of and to in is that it for was on are as with his they be at this have from or had by but not what all were we when your can said there use an each which she do how their if will up about out many then them these so some her would make like him into has look more write go see no way could my than been who its now find down did get made may part i you me where my here does am why both how thank please does want need any',
  de: 'der die das und ist nicht ein eine einen einem einer ich du sie wir ihr mit auf für von zu dem den des im am auch es sich wie aber oder wenn dass kann mein meine sind war hat haben wird nach bei aus noch nur schon über vor zum zur bitte was wo warum kein keine mir mich ihnen diese dieser dieses habe sehr als man ja nein gibt bin',
  fr: 'le la les un une des et est pas je tu il elle nous vous ils ne que qui dans pour sur avec ce cette ces mon ma mes son sa ses au aux du de en plus mais ou où comme tout être sont avoir fait faire peut quel quelle bonjour merci oui non très bien votre vos leur par ai avez suis était y se si sans',
  es: 'el la los las un una unos y es no yo tú él ella nosotros ellos que en de del por para con su sus mi mis se lo le les al como pero más o si sí este esta estos muy ya hay está están son ser puede qué cómo dónde gracias hola también porque cuando donde todo fue ha tiene necesito quiero usted desde sobre',
  it: 'il lo la gli le un uno una e è non io tu lui lei noi voi loro che di del della dei delle da in con per su mi ti si ci come ma o se sono sei siamo hai ho ha questo questa questi anche più perché quando dove cosa grazie ciao nel nella al alla ai essere fatto molto bene vorrei dal dalla degli',
  pt: 'o a os as um uma e é não eu tu ele ela nós eles que em de do da dos das no na nos nas por para com seu sua meu minha se ao à como mas mais ou está estão são ser pode qual onde obrigado olá também porque quando isso este esta muito já foi tem você vocês preciso quero pelo pela sobre até',
  nl: 'de het een en is niet ik jij je hij zij wij we ze dat die dit in op van voor met aan om te er maar of als dan wat hoe waar mijn zijn haar naar ook nog wel kan kunnen heeft heb hebben wordt bij uit door over geen graag bedankt ja nee deze zo moet worden was u uw',
  sv: 'och att det som en på är av för med till den har de inte om ett men var jag från kan hur vad när vill så sig eller ska där mig du min mitt han hon vi ni också efter vid här tack hej ja nej alla finns nu',
  da: 'og at det er en til af på for med den har de ikke om et men var jeg fra kan hvordan hvad når vil så sig eller skal der mig du min mit han hun vi også efter ved her tak hej ja nej alle blev nu hvor',
  no: 'og å det er en til av på for med den har de ikke om et men var jeg fra kan hvordan hva når vil så seg eller skal der meg du min mitt han hun vi også etter ved her takk hei ja nei alle ble nå hvor',
  pl: 'i w z na do nie się że to jest jak ale po co tak za od czy mnie być są dla już przez tylko mam może czyli gdzie kiedy dlaczego proszę dziękuję oraz jego jej ich tego ten ta te tym lub bardzo też jako będzie można',
  cs: 'a je na že se to v s z do ne jak ale po co tak za od jsem jsou být pro už by jen mám může kde kdy proč prosím děkuji nebo jeho její tento tato také který která jako když není',
  tr: 've bir bu da de için ile ne çok ama gibi daha var yok mi mı değil ben sen o biz siz onlar olarak olan nasıl neden nerede lütfen teşekkürler evet hayır en kadar sonra şey her ya ki',
  fi: 'ja on ei se että en hän oli mutta ovat kun niin kuin tai mitä miten missä minä sinä me te he tämä olla voi olen myös jos vain siitä kiitos ole joka nyt sen',
  ro: 'și în de la cu un o este nu pe că să a mai din pentru care sunt au fost dar sau ce cum unde am ai are eu tu el ea noi mulțumesc bună vă îmi prin după',
  hu: 'a az és hogy nem is egy ez azt de van volt csak már még meg mint ha vagy mi én te ő kérem köszönöm hogyan miért hol lesz kell nagyon minden',
  id: 'yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada mereka lebih sudah atau saat oleh apa bagaimana kami kita anda adalah seperti terima kasih tolong',
};

/** Letters that few of these languages use: each distinct one found counts like a function word. */
export const TELLING_LETTERS: Readonly<Record<string, string>> = {
  de: 'ß',
  es: 'ñ¿¡',
  pt: 'ãõ',
  fr: 'œ',
  pl: 'łąęźżśćń',
  cs: 'řěů',
  tr: 'ğış',
  hu: 'őű',
  ro: 'țșă',
  vi: 'ơưđạảấầẩậắằẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ',
};

export const LONGEST_WORD = 10;
