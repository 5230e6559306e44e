import { compareText } from "../../source/compare-text.ts";
import { viewColumn } from "../model/column-view.ts";
import { isSame } from "../model/is-same.ts";
import { type FeatureInBoth, pairByName } from "../model/project-pair.ts";
import type { NamesOf } from "../model/renames.ts";
import { propertyPath } from "../model/spec-paths.ts";
import { compareColumns } from "./compare-columns.ts";
import type { RawChange } from "./raw-change.ts";

/** The changes of the columns of a feature's own table. */
export function columnChanges({ before, after }: FeatureInBoth, renames?: NamesOf): RawChange[] {
  const ids = new Set([...before.idColumns, ...after.idColumns]);
  if (renames === undefined && isSame(before.columns, after.columns)) return [];
  return pairByName(before.columns, after.columns, compareText).flatMap((column): RawChange[] => {
    const common = { subject: column.key, specPath: propertyPath("properties", column.key) };
    const was = column.before === undefined ? undefined : viewColumn(column.before);
    const is = column.after === undefined ? undefined : viewColumn(column.after);
    if (was === undefined) {
      const rule = is?.nullable === false ? "required-column-added" : "column-added";
      return [{ rule, ...common, to: is?.text ?? "" }];
    }
    if (is === undefined) return [{ rule: "column-removed", ...common, from: was.text }];
    const renamed = renames?.get(column.key);
    return [
      ...(renamed === undefined
        ? []
        : [
            {
              rule: renamed.isDeclared ? ("column-renamed" as const) : ("column-seems-renamed" as const),
              ...common,
              from: renamed.from,
              to: column.key,
              isDeclared: renamed.isDeclared,
              ...(is.nullable ? {} : { detail: "required" }),
            },
          ]),
      ...(isSame(column.before, column.after) ? [] : compareColumns(was, is, ids.has(column.key))).map(
        (change) => ({ ...change, ...common }),
      ),
    ];
  });
}
