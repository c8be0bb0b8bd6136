/**
 * Sums of powers of d = value - center: `[n, sum d, sum d^2, ..., sum d^6]`. All that evidence with one bet for every value
 * needs of them, for any candidate mean. Plain JSON; changed in place by `addPowers`.
 */
export type PowerSums = number[];

const DEGREE = 6;
/** Binomial coefficients up to the degree. */
const CHOOSE: readonly (readonly number[])[] = Array.from({ length: DEGREE + 1 }, (_, n) => binomials(n));

export function emptyPowers(): PowerSums {
  return new Array<number>(DEGREE + 1).fill(0);
}

/** Takes in a value at distance `d` from the center; in place. */
export function addPowers(sums: PowerSums, d: number): void {
  const d2 = d * d;
  const d4 = d2 * d2;
  sums[0]! += 1;
  sums[1]! += d;
  sums[2]! += d2;
  sums[3]! += d2 * d;
  sums[4]! += d4;
  sums[5]! += d4 * d;
  sums[6]! += d4 * d2;
}

/**
 * A lower bound, for any candidate mean g, of the log capital after betting `bet` on every value that the mean is above g
 * (sign 1) or below g (sign -1): the sum of ln(1 + y) with y = sign bet (value - g). Coefficients, lowest first, of a
 * polynomial in center - g, for `logCapitalAt`. `room`: the most that a value may lie from a candidate; bet x room < 1.
 *
 * Each logarithm is at least y - y^2/2 + y^3/3 - y^4/4 + y^5/5 - y^6 / (6 (1 - q)) where |y| <= q < 1: above 0 the series
 * alternates, and one cut after a negative term lies below; under 0 the terms left out come to at most
 * |y|^6 / 6 + |y|^7 / 7 + ... <= |y|^6 / (6 (1 - q)). So rounding never adds evidence, and with bets of a quarter, as after a
 * thousand values, it takes less than 0.01 nats of a hundred.
 */
export function logCapitalOf(sums: PowerSums, bet: number, room: number, sign: 1 | -1): number[] {
  const polynomial = new Array<number>(DEGREE + 1).fill(0);
  const signed = sign * bet;
  let power = 1;
  for (let j = 1; j <= DEGREE; j++) {
    power *= signed;
    const inverse = j === DEGREE ? -1 / (DEGREE * (1 - bet * room)) : (j % 2 === 1 ? 1 : -1) / j;
    // (d + h)^j, summed over the values.
    for (let r = 0; r <= j; r++) polynomial[r]! += inverse * power * CHOOSE[j]![r]! * sums[j - r]!;
  }
  return polynomial;
}

/** The polynomial at `h` = center - g. */
export function logCapitalAt(polynomial: readonly number[], h: number): number {
  let value = 0;
  for (let r = polynomial.length - 1; r >= 0; r--) value = value * h + polynomial[r]!;
  return value;
}

function binomials(n: number): number[] {
  const row = [1];
  for (let r = 1; r <= n; r++) row.push((row[r - 1]! * (n - r + 1)) / r);
  return row;
}
