const escapeOrUnit = /\\u[0-9a-fA-F]{4}|\\.|./sy;

/** Offset in a JSON string literal, its opening quote included, of the UTF-16 unit at `index` of its value. */
export function offsetInLiteral(literal: string, index: number): number {
  escapeOrUnit.lastIndex = 1;
  for (let unit = 0; unit < index; unit += 1) escapeOrUnit.exec(literal);
  return escapeOrUnit.lastIndex;
}
