/** The first characters of a version: enough to distinguish it. */
export function shortVersion(version: string): string {
  return version.slice(0, shortLength);
}

const shortLength = 8;

/**
 * The version before and after; one version where both are equal. Versions with a common start are printed up to their
 * first difference.
 */
export function formatVersions(
  before: string | undefined,
  after: string | undefined,
  print: (version: string) => string,
): string {
  if (before === undefined || after === undefined || before === after) {
    return print(shortVersion(before ?? after ?? ""));
  }
  const common = commonLength(before, after);
  if (common === before.length) return `${print(shortVersion(before))}, longer`;
  if (common === after.length) return `${print(shortVersion(before))}, shorter`;
  const length = Math.max(shortLength, common + 1);
  return `${print(before.slice(0, length))} → ${print(after.slice(0, length))}`;
}

function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  for (let index = 0; index < most; index += 1) if (a[index] !== b[index]) return index;
  return most;
}
