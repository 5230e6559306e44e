/** Digits that a DECIMAL may have so that its cast to DOUBLE is the nearest one. */
const exactDigits = 15;

/** SQL of a number. What has many digits is written with an exponent, which makes it a DOUBLE at once. */
export function numberSql(value: number): string {
  const text = String(value);
  const digits = text.replace(/^-|\.|e.*$/g, "").length;
  return Number.isInteger(value) || text.includes("e") || digits <= exactDigits ? text : `${text}e0`;
}

/** SQL: whether a number is a multiple. For fractions a quotient within 1e-9 of a whole number counts, as 0.3 of 0.1. */
export function multipleOfSql(
  number: string,
  { value, exactly }: { readonly value: number; readonly exactly: boolean },
): string {
  const step = numberSql(value);
  return exactly
    ? `${number} % ${step} = 0`
    : `abs(${number} / ${step} - round(${number} / ${step})) <= 1e-9`;
}
