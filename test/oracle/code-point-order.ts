/** Compares texts by code point. JavaScript's `<` goes by UTF-16 unit and differs beyond the basic plane. */
export function byCodePoint(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  for (let i = 0; i < a.length && i < b.length; i += 1) {
    const difference = codePoint(a[i]) - codePoint(b[i]);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function codePoint(character: string | undefined): number {
  return character?.codePointAt(0) ?? -1;
}
