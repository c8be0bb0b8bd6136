const digitAt = (text: string, index: number): number => text.charCodeAt(index) - 48;

function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * digitAt(digits, index), 0);
}

/** Spain: number modulo 23 picks the letter; of a NIE, X, Y and Z stand for 0, 1 and 2. */
export function dniHolds(id: string): boolean {
  const number = Number(id.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter))));
  return 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(number % 23) === id.slice(-1);
}

/** France: fifteen digits, the last two = 97 - rest modulo 97; sex 1 or 2, month 1 to 12 or a special one. */
export function nirHolds(digits: string): boolean {
  if (!/^[12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)/.test(digits)) return false;
  return 97 - (Number(digits.slice(0, 13)) % 97) === Number(digits.slice(13));
}

/** Brazil: two check digits, weights 10 to 2 and 11 to 2, modulo 11; not all digits the same. */
export function cpfHolds(digits: string): boolean {
  if (/^(\d)\1{10}$/.test(digits)) return false;
  const check = (count: number): number => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += digitAt(digits, i) * (count + 1 - i);
    return ((sum * 10) % 11) % 10;
  };
  return check(9) === digitAt(digits, 9) && check(10) === digitAt(digits, 10);
}

/** China, GB 11643: ISO 7064 MOD 11-2 over seventeen digits, and a date of birth inside. */
export function chineseIdHolds(id: string): boolean {
  if (!/^\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/.test(id)) return false;
  const sum = weighted(id, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return '10X98765432'.charAt(sum % 11) === id.charAt(17);
}

/** Netherlands: the eleven test. */
export function bsnHolds(digits: string): boolean {
  return digits !== '000000000' && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
}

export function peselHolds(digits: string): boolean {
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

/** Germany: ISO 7064 MOD 11,10. */
export function steuerIdHolds(digits: string): boolean {
  if (digits.startsWith('0')) return false;
  let product = 10;
  for (let i = 0; i < 10; i++) {
    const sum = (digitAt(digits, i) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10 === digitAt(digits, 10);
}

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Italy: odd places through a table, even ones as they are, modulo 26. */
export function codiceFiscaleHolds(id: string): boolean {
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const code = id.charCodeAt(i);
    const value = code >= 65 ? code - 65 : code - 48;
    sum += i % 2 === 0 ? (ODD[value] ?? 0) : value;
  }
  return String.fromCharCode(65 + (sum % 26)) === id.charAt(15);
}

/** The dihedral group D5's product, by Verhoeff (1969). */
function times(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5;
  return b < 5 ? ((a - b + 5) % 5) + 5 : (a - b + 5) % 5;
}

/** Row k: the permutation applied k times. */
const PERMUTED = permutations();

function permutations(): readonly Uint8Array[] {
  const step = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const rows = [Uint8Array.from({ length: 10 }, (_, digit) => digit)];
  for (let k = 1; k < 8; k++) rows.push(Uint8Array.from(rows[k - 1] ?? [], (digit) => step[digit] ?? 0));
  return rows;
}

/** India: Verhoeff's check; numbers begin with 2 to 9. */
export function aadhaarHolds(digits: string): boolean {
  if (!/^[2-9]/.test(digits)) return false;
  let check = 0;
  for (let i = digits.length - 1, place = 0; i >= 0; i--, place++) {
    check = times(check, PERMUTED[place & 7]?.[digitAt(digits, i)] ?? 0);
  }
  return check === 0;
}
