import { StoreError } from "../../errors.ts";

/** What a number may be that JavaScript reads as another one: long digits, or a large exponent. */
const suspicious = /\d{16}|[\d.][eE][+-]?\d{3}/;

const text = /"(?:[^"\\]|\\.)*"/gs;
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Parses stored JSON. What JavaScript can't read, or would read as another number, is an error. */
export function parseJson(json: string): unknown {
  if (suspicious.test(json)) {
    const lossy = json.replace(text, '""').match(number)?.find(isLossy);
    if (lossy !== undefined) {
      throw new StoreError(
        "wrong-integer",
        `The stored JSON has the number ${lossy}, which JavaScript would read as ${Number(lossy)}. Store it as a string.`,
        { value: lossy },
      );
    }
  }
  try {
    return JSON.parse(json);
  } catch (error) {
    const truncated = json.length > 100 ? `${json.slice(0, 100)}…` : json;
    throw new StoreError(
      "wrong-stored-type",
      `A stored JSON value is not JSON as other programs read it: ${truncated}`,
      { value: json },
      error,
    );
  }
}

/** Whether JavaScript reads a printed number as another one. */
function isLossy(printed: string): boolean {
  const value = Number(printed);
  if (!Number.isFinite(value)) return true;
  if (value === 0) return /^-?[0.]*[1-9]/.test(printed);
  if (!/^-?\d+$/.test(printed) || Number.isSafeInteger(value)) return false;
  // What JavaScript itself prints for a number is padded with zeros.
  return BigInt(printed) !== BigInt(value) && String(value) !== printed;
}
