import { readDecimal } from "./decimal.ts";

/** Where a number lies among the values of a BIGINT. */
export type BigintLocation =
  | { readonly kind: "at"; readonly value: bigint }
  /** Between `floor` and the next one. */
  | { readonly kind: "between"; readonly floor: bigint }
  | { readonly kind: "greater" }
  | { readonly kind: "less" };

const least = -(2n ** 63n);

/** The greatest BIGINT. */
export const greatestBigint: bigint = 2n ** 63n - 1n;

/** Numbers with more digits before the point are out of range, whatever the digits. */
const mostDigits = 19;

/** Finds a number among the values of a BIGINT, exactly and whatever its size. */
export function locateBigint(text: string): BigintLocation {
  const { sign, digits, point } = readDecimal(text);
  if (point > mostDigits) return { kind: sign > 0 ? "greater" : "less" };
  const truncated = point <= 0 ? 0n : BigInt(sign) * BigInt(digits.slice(0, point).padEnd(point, "0"));
  const fractional = digits.length > point;
  const floor = fractional && sign < 0 ? truncated - 1n : truncated;
  if (floor < least) return { kind: "less" };
  if (floor > greatestBigint) return { kind: "greater" };
  return fractional ? { kind: "between", floor } : { kind: "at", value: floor };
}
