/**
 * The candidate that a mistyped name most likely means, if any is close enough: at most a third of its length
 * away and three letters, in letters added, left out, exchanged or swapped with their neighbour.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  // One letter off a name of one letter is any name of one letter.
  let limit = Math.min(name.length - 1, Math.max(1, Math.floor(name.length / 3)), mostMistakes);
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), limit);
    if (distance > limit || (distance === limit && best !== undefined && best < candidate)) continue;
    best = candidate;
    limit = distance;
  }
  return best;
}

const mostMistakes = 3;

/**
 * Distance of Damerau and Levenshtein, a swap of neighbours counted as one step; `limit + 1` for anything above `limit`.
 *
 * Only the band around the diagonal is filled in, since what lies outside of it is further away than `limit`.
 */
function editDistance(a: string, b: string, limit: number): number {
  const far = limit + 1;
  if (Math.abs(a.length - b.length) > limit) return far;
  let [beforeLast, last, current] = [[], [], []] as [number[], number[], number[]];
  for (let column = 0; column <= b.length; column += 1) last[column] = Math.min(column, far);
  for (let row = 1; row <= a.length; row += 1) {
    const from = Math.max(1, row - limit);
    const to = Math.min(b.length, row + limit);
    current[from - 1] = from === 1 ? Math.min(row, far) : far;
    let least = far;
    for (let column = from; column <= to; column += 1) {
      const exchange = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const steps = Math.min(
        (last[column] ?? far) + 1,
        (current[column - 1] ?? far) + 1,
        (last[column - 1] ?? far) + exchange,
        swapped ? (beforeLast[column - 2] ?? far) + 1 : far,
      );
      current[column] = steps;
      least = Math.min(least, steps);
    }
    current[to + 1] = far;
    if (least > limit) return far;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  return Math.min(last[b.length] ?? far, far);
}
