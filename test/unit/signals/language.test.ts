import { detectLanguage } from '../../../src/signals/language';

describe('the language of a message', () => {
  it.each([
    ['en', 'Where is my parcel and when does it arrive?'],
    ['de', 'Wo ist mein Paket und wann kommt es an?'],
    ['fr', 'Où est mon colis et quand est-ce que je vais le recevoir ?'],
    ['es', '¿Dónde está mi paquete y cuándo llega?'],
    ['it', "Dov'è il mio pacco e quando arriva da me?"],
    ['pt', 'Onde está o meu pacote e quando você pode enviar?'],
    ['nl', 'Waar is mijn pakket en wanneer wordt het bezorgd?'],
    ['sv', 'Var är mitt paket och när kommer det till mig?'],
    ['pl', 'Gdzie jest moja paczka i kiedy będzie u mnie?'],
    ['tr', 'Paketim nerede ve ne kadar sürede gelir, lütfen?'],
    ['fi', 'Missä minun pakettini on ja milloin se tulee?'],
    ['hu', 'Hol van a csomagom és mikor lesz itt?'],
    ['vi', 'Gói hàng của tôi ở đâu và khi nào đến?'],
    ['ru', 'Где моя посылка и когда она придёт?'],
    ['uk', 'Де моя посилка і коли її доставлять?'],
    ['el', 'Πού είναι το δέμα μου;'],
    ['he', 'איפה החבילה שלי?'],
    ['ar', 'أين طردي؟'],
    ['fa', 'بسته من کجاست و چه زمانی می‌رسد؟'],
    ['hi', 'मेरा पार्सल कहाँ है?'],
    ['th', 'พัสดุของฉันอยู่ที่ไหน'],
    ['zh', '我的包裹在哪里？'],
    ['ja', '私の小包はどこですか？'],
    ['ko', '제 소포는 어디에 있나요?'],
  ])('is %s in %j', (language, text) => {
    expect(detectLanguage(text)).toBe(language);
  });

  it.each(['', ' ', '12345', 'ok', 'Paris 2024', 'foo(bar);', '???', '😀'])('is not guessed from %j', (text) => {
    expect(detectLanguage(text)).toBeNull();
  });
});
