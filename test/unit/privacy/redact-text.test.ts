import { privacyOptions } from '../../../src/privacy/options';
import { createRedactor } from '../../../src/privacy/redactor';

const redact = (text: string): string => createRedactor(privacyOptions.parse({})).redactText(text);

type Table = readonly (readonly [text: string, redacted: string])[];

/** Numbers are the issuers' and standards' own examples, or made up; no one can be reached by them. */
const REPLACED: Readonly<Record<string, Table>> = {
  email: [
    ['write to jo.doe+news@mail.example.co.uk, please', 'write to [email], please'],
    ['<jo@example.com>', '<[email]>'],
    ['müller@bücher.example', '[email]'],
    ["o'neil@example.com.", '[email].'],
    ['a@example.com;b@example.com', '[email];[email]'],
    ['"text": "\\njo@example.com"', '"text": "\\n[email]"'],
  ],
  phone: [
    ['+1 (415) 555-0132', '[phone]'],
    ['+49 (0)30 901820', '[phone]'],
    ['+447700900123', '[phone]'],
    ['001-415-555-0132', '[phone]'],
    ['(415) 555-0132', '[phone]'],
    ['415.555.0132 x45', '[phone]'],
    ['reach me on 0171 7900 123 today', 'reach me on [phone] today'],
    ['01 84 17 61 18', '[phone]'],
    ['0491 57 00 06', '[phone]'],
    ['555 010 199 office', '[phone] office'],
    ['Phone: 555 0132', 'Phone: [phone]'],
    ['call 4155550132 now', 'call [phone] now'],
    ['5550132 office', '[phone] office'],
    ['415-555-0132 650-555-0199', '[phone] [phone]'],
  ],
  card: [
    ['4111111111111111', '[card]'],
    ['4111 1111 1111 1111', '[card]'],
    ['5555-5555-5555-4444 12/27', '[card] 12/27'],
    ['3782 822463 10005', '[card]'],
    ['3056 930902 5904', '[card]'],
    ['6011111111111117', '[card]'],
    ['my card 501800000009', 'my card [card]'],
  ],
  iban: [
    ['GB82 WEST 1234 5698 7654 32', '[iban]'],
    ['DE89370400440532013000', '[iban]'],
    ['de89 3704 0044 0532 0130 00.', '[iban].'],
  ],
  ip: [
    ['from 192.0.2.17:8080', 'from [ip]:8080'],
    ['2001:db8:85a3::8a2e:370:7334', '[ip]'],
    ['at 2001:0db8:0000:0000:0000:0000:0000:0001.', 'at [ip].'],
    ['::ffff:192.0.2.128', '[ip]'],
  ],
  secret: [
    ['sk-proj-abcDEF0123456789abcdef', '[secret]'],
    ['key AKIAIOSFODNN7EXAMPLE2 here', 'key [secret] here'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '[secret]'],
    ['Authorization: Bearer abc123DEF456ghi789.jkl~x==', 'Authorization: Bearer [secret]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJl', '[secret]'],
    ['api_key = "0123456789abcdef0123"', 'api_key = "[secret]"'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nend', '[secret]\nend'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE and cut', '[secret]'],
    ['postgres://app:abcdef0123456789XYZ@db', 'postgres://app:[secret]@db'],
  ],
};

const KEPT: Readonly<Record<string, readonly string[]>> = {
  email: ['@override', 'ask @jo', 'a@b', 'lodash@4.17.21', 'git@server:repo', '5 @ 3.50'],
  phone: [
    'order number 12345678',
    'invoice 2024-001234 of 2024-03-01',
    'on 2024-03-01 10:15:00',
    'on 1999 12 31 12',
    'from 01/02/2024 to 03.04.2024',
    '1990-1995',
    'version 10.2.3456',
    'ZIP 12345-6789',
    'it costs 1 234 567 dollars',
    'ISBN 978-3-16-148410-0',
    'serial ABC-555-123-4567',
    'pi is 3.14159265358979',
    'a year has 31536000 seconds',
    '$1234567890',
    'see /tickets/4155550132',
  ],
  card: [
    '4111111111111112',
    '1234 5678 9012 3456',
    '0.4111111111111111',
    'order 501800000009',
    'A4111111111111111',
    '41111111111111111111',
  ],
  iban: ['DE89 3704 0044 0532 0130 01', 'XX82 WEST 1234 5698 7654 32', 'AB12'],
  ip: [
    'v1.2.3.4',
    'version 10.0.0.1',
    'Chrome/120.0.0.0',
    '1.2.3.4.5',
    '300.1.2.3',
    '10:15:30',
    'std::vector',
    'a::b',
    '00:1B:44:11:3A:B7',
  ],
  secret: [
    'sk-learn-is-a-nice-library-name',
    '--------------------------------',
    'a_very_long_identifier_name_in_snake_case',
    'token: the-word-that-we-use-for-it',
    '550e8400-e29b-41d4-a716-446655440000',
    '-----BEGIN CERTIFICATE-----',
  ],
};

describe('redaction of a text', () => {
  for (const [kind, table] of Object.entries(REPLACED)) {
    it.each(table)(`replaces ${kind} in %j`, (text, redacted) => {
      expect(redact(text)).toBe(redacted);
    });
  }

  for (const [kind, texts] of Object.entries(KEPT)) {
    it.each(texts)(`sees no ${kind} in %j`, (text) => {
      expect(redact(text)).toBe(text);
    });
  }

  it('replaces the union when two kinds overlap and names the stronger', () => {
    expect(redact('https://sk-abcDEF0123456789abcdef@example.com/')).toBe('https://[secret]/');
  });

  it('leaves kinds alone that are switched off', () => {
    const redactor = createRedactor(privacyOptions.parse({ redact: ['card'] }));
    expect(redactor.redactText('jo@example.com 4111111111111111')).toBe('jo@example.com [card]');
  });

  it('does not take its own placeholder for a word about phones', () => {
    expect(redact('415-555-0132 and 12345678')).toBe('[phone] and 12345678');
  });
});

describe('redaction of JSON text', () => {
  it.each([
    ['{"pin": 4111111111111111}', '{"pin": "[card]"}'],
    ['{"phone":4155550132,"n":4155550132}', '{"phone":"[phone]","n":4155550132}'],
    ['{"note":"call\\n415-555-0132"}', '{"note":"call\\n[phone]"}'],
    ['{ "m\\u0040": "jo\\u0040example.com" }', '{ "m\\u0040": "[email]" }'],
    ['[-4111111111111111, 1.50]', '["[card]", 1.50]'],
  ])('keeps %j valid JSON', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
    expect(() => JSON.parse(redact(text)) as unknown).not.toThrow();
  });

  it('keeps the formatting of JSON without personal data', () => {
    const text = '{ "a" : [ 1.0 , "x" ],\n  "id": 1234567890123 }';
    expect(redact(text)).toBe(text);
  });
});
