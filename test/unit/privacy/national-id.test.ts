import { privacyOptions } from '../../../src/privacy/options';
import { createRedactor } from '../../../src/privacy/redactor';

const standard = createRedactor(privacyOptions.parse({}));
const redactText = (text: string): string => standard.redactText(text);
const all = createRedactor(privacyOptions.parse({ redact: ['name', 'address', 'national_id', 'email'] }));

describe('national ids', () => {
  it.each([
    ['US', 'My SSN is 219-09-9999.'],
    ['US without hyphens', 'social security number 219099999'],
    ['UK', 'NI number QQ 12 34 56 C'.replace('QQ', 'AB')],
    ['UK together', 'AB123456C'],
    ['Spain', 'DNI 12345678Z'],
    ['Spain, foreigners', 'NIE X1234567L'],
    ['Italy', 'codice fiscale RSSMRA85T10A562S'],
    ['France', 'NIR 184127645108946'],
    ['Brazil', 'CPF 529.982.247-25'],
    ['China', '11010519491231002X'],
    ['Netherlands', 'BSN: 111222333'],
    ['Poland', 'PESEL 44051401359'],
    ['Germany', 'Steuer-ID 36574261809'],
    ['Sweden', '811228-9874'],
    ['Canada', 'my SIN is 046 454 286'],
    ['India', 'Aadhaar 2341 2341 2346'],
  ])('of %s go: %s', (_, text) => {
    expect(redactText(text)).toContain('[national_id]');
  });

  it.each([
    'Area codes 666-12-3456 and 900-12-3456 and 123-00-4567 were never given out.',
    'Invoice 111222333 and order 44051401359.',
    'Part 123-45-67890 and 12345678A.',
    'The CPF 529.982.247-26 has a wrong check digit.',
    'From 2021-05-20 to 20210520-1234 there were 219 09 9999 visits.',
  ])('are not seen in %j', (text) => {
    expect(redactText(text)).not.toContain('[national_id]');
  });

  it('stay bounded on a text made of candidates', () => {
    const hostile = '219099998 '.repeat(6500);
    const started = performance.now();
    redactText(hostile);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('names and addresses, when asked for', () => {
  it.each([
    ['Dear Ms. Ana-Maria de Souza, hello.', 'Dear Ms. [name], hello.'],
    ['My name is Jürgen Groß and I wait.', 'My name is [name] and I wait.'],
    ['Best regards,\nTom Baker', 'Best regards,\n[name]'],
    ['Send it to 12 Old Mill Road, Apt. 4 please.', 'Send it to [address] please.'],
    ['Ich wohne in der Hauptstraße 12.', 'Ich wohne in der [address].'],
    ['Elle habite Rue de la Paix 3.', 'Elle habite [address].'],
    ['Dear Customer, thank you.', 'Dear Customer, thank you.'],
  ])('%j becomes %j', (text, expected) => {
    expect(all.redactText(text)).toBe(expected);
  });

  it('stay by default', () => {
    expect(redactText('Dear Ms. Brown, 12 Mill Road.')).toBe('Dear Ms. Brown, 12 Mill Road.');
  });
});
