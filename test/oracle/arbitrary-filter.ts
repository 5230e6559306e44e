import fc from "fast-check";
import { endingOf, sharedColumns } from "./arbitrary-values.ts";

/** Numbers that {@link filterOn} makes a filter from. */
export interface FilterRecipe {
  readonly column: number;
  readonly form: number;
  readonly and?: FilterRecipe | undefined;
  readonly or?: FilterRecipe | undefined;
}

const simple = fc.record({ column: fc.nat(9), form: fc.nat(9) });

export const filterRecipe: fc.Arbitrary<FilterRecipe> = fc.record({
  column: fc.nat(9),
  form: fc.nat(9),
  and: fc.option(simple, { nil: undefined, freq: 5 }),
  or: fc.option(simple, { nil: undefined, freq: 5 }),
});

const formsOf: Readonly<Record<string, readonly string[]>> = {
  size: ["$ > 1", "$ <= 2", "$ IS NULL", "$ IN (1, 10, NULL)", "NOT ($ = 3)", "2.5 < $", "$ != NULL"],
  rank: ["$ = 1", "$ > 1.5"],
  label: ["$ = 'x'", "$ != 'it''s'", "$ NOT IN ('x', 'z')", "$ is not null", "$ < 'y'"],
  ok: ["$", "NOT $", "$ = TRUE", "$ <> false"],
  v: ["$ != 'a'", "$ IN ('a', 'é')", "$ > 'B'"],
  n: ["$ > 0", "$ != 10", "$ >= -1e0"],
  g: ["$ = 'x'", "$ IS NOT NULL"],
  h: ["$ < 2", "$ IS NOT NULL"],
};

/** A filter over some of the columns; none where there is nothing to filter by. */
export function filterOn(columns: readonly string[], recipe: FilterRecipe): string | undefined {
  const usable = columns.filter((column) => kindOf(column) in formsOf);
  const column = usable[recipe.column % usable.length];
  if (column === undefined) return undefined;
  const forms = formsOf[kindOf(column)] ?? [];
  const first = forms[recipe.form % forms.length]?.replaceAll("$", column);
  const and = recipe.and === undefined ? "" : ` AND ${filterOn(columns, recipe.and)}`;
  const or = recipe.or === undefined ? "" : ` OR ${filterOn(columns, recipe.or)}`;
  return `${first}${and}${or}`;
}

function kindOf(column: string): string {
  return column in sharedColumns ? column : endingOf(column);
}
