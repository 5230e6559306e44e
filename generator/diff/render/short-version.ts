/** The first characters of a version: enough to tell it from others. */
export function shortVersion(version: string): string {
  return version.slice(0, 8);
}

/** The version before and after; one where it did not move. `print` shows a version as it is, or as code. */
export function versionsText(
  before: string | undefined,
  after: string | undefined,
  print: (version: string) => string,
): string {
  const versions = [before, after].flatMap((version) =>
    version === undefined ? [] : [shortVersion(version)],
  );
  const [from = "", to = from] = versions;
  if (before === after || versions.length === 1) return print(from);
  return from === to ? `${print(from)} of another length` : `${print(from)} → ${print(to)}`;
}
