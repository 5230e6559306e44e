const escapeOrCodeUnit = /\\u[0-9a-fA-F]{4}|\\.|./sy;

/** Offset in a JSON string literal, its opening quote included, of the UTF-16 unit at `index` of its value. */
export function offsetInLiteral(literal: string, index: number): number {
  escapeOrCodeUnit.lastIndex = 1;
  for (let codeUnit = 0; codeUnit < index; codeUnit += 1) escapeOrCodeUnit.exec(literal);
  return escapeOrCodeUnit.lastIndex;
}
