/** Orders ASCII texts (keys, member names, paths of keys) by code point. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders feature keys part by part: `a/b` before `a-b/c`, since `a` is before `a-b`. */
export function compareKeys(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  for (const [index, part] of left.entries()) {
    const order = compareText(part, right[index] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
