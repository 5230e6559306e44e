/** A number exactly as it is written: sign · 0.digits · 10^point. */
export interface Decimal {
  readonly sign: -1 | 0 | 1;
  /** Neither begins nor ends with a 0; empty for zero. */
  readonly digits: string;
  readonly point: number;
}

const zero: Decimal = { sign: 0, digits: "", point: 0 };

/** Reads a number of the filter language: `12`, `-3.5`, `.5`, `1e3`. */
export function readDecimal(text: string): Decimal {
  const [mantissa = "", exponent = "0"] = text.replace(/^-/, "").toLowerCase().split("e");
  const [integerPart = "", fraction = ""] = mantissa.split(".");
  const allDigits = integerPart + fraction;
  const start = allDigits.search(/[1-9]/);
  if (start < 0) return zero;
  let end = allDigits.length;
  while (allDigits[end - 1] === "0") end -= 1;
  return {
    sign: text.startsWith("-") ? -1 : 1,
    digits: allDigits.slice(start, end),
    point: integerPart.length - start + Number(exponent),
  };
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.point !== b.point) return a.sign * (a.point < b.point ? -1 : 1);
  return a.digits === b.digits ? 0 : a.sign * (a.digits < b.digits ? -1 : 1);
}
