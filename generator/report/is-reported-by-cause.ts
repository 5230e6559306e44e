import type { Change, FieldDiff } from "../diff/model/version-diff.ts";

/** Whether a change only moves the version of a field, and so is told where that field names its causes. */
export function isReportedByCause(
  { rule, subject, severity, acknowledged }: Change,
  fields: readonly FieldDiff[],
): boolean {
  return (
    severity === "info" &&
    !acknowledged &&
    fields.some(
      ({ key, causes }) =>
        key === subject && causes.some((cause) => cause.path.length === 1 && cause.rule === rule),
    )
  );
}
