import type { MigrateResult, MigrationStep } from "../../../runtime/migrating.ts";
import { digits } from "../digits.ts";

/** The migrations of a store as text: a line for each step, below its feature. */
export function describeMigration(
  migrations: readonly ({ readonly feature: string } & MigrateResult)[],
  isDone: boolean,
  store: string,
): string {
  const changed = migrations.filter(({ steps }) => steps.length > 0);
  if (changed.length === 0) return `The tables in ${store} fit their specs: there is nothing to migrate.\n`;
  const lines = changed.flatMap(({ feature, steps }) => [
    feature,
    ...steps.map((step) => `  ${describeStep(step, feature, isDone)}`),
  ]);
  const isBlocked = changed.some(({ steps }) => steps.some(({ kind }) => kind === "blocked"));
  const hint = isBlocked
    ? ["What is blocked stays as it is. --drop sets the values that are in the way to null."]
    : [];
  return `${[...lines, ...hint].join("\n")}\n`;
}

function describeStep(step: MigrationStep, feature: string, isDone: boolean): string {
  const tense = (done: string, planned: string) => (isDone ? done : planned);
  switch (step.kind) {
    case "add-column":
      return `${tense("added", "add")} the column ${step.column} ${step.type}; stored rows are null there`;
    case "copy-column":
      return `${tense("copied", "copy")} ${step.from} to ${step.column}; ${step.from} stays until --drop`;
    case "change-type":
      return `${tense("changed", "change")} ${step.column} from ${step.from} to ${step.to}; stored values stay what they are`;
    case "add-fields":
      return `${tense("added", "add")} ${step.fields.join(", ")} to ${step.column}`;
    case "clear-values":
      return `${tense("set", "set")} ${step.column} to null in ${rowsOf(step.rows)}, whose values do not fit`;
    case "drop-column":
      return `${tense("dropped", "drop")} the column ${step.column}, which was renamed`;
    case "carry-over":
      return describeCarryOver(step, isDone);
    case "blocked":
      return `blocked: ${step.column} is ${step.from}, and the spec declares ${step.to}; ${rowsOf(step.rows)} of ${feature} ${step.rows === 1 ? "has a value that does" : "have values that do"} not fit`;
  }
}

function describeCarryOver(
  { samples, table, left, waitsFor }: Extract<MigrationStep, { readonly kind: "carry-over" }>,
  isDone: boolean,
): string {
  const upstream = waitsFor.join(", ");
  if (samples === 0)
    return `carry rows over from ${table}, as it was called, once ${upstream} is carried over or run`;
  const carried = `${isDone ? "carried" : "carry"} ${digits(samples)} ${samples === 1 ? "sample" : "samples"} over from ${table}, as it was called`;
  if (upstream !== "") return `${carried}; the rest once ${upstream} is carried over or run`;
  return left === 0 ? carried : `${carried}; ${digits(left)} were not up to date and stay new`;
}

function rowsOf(rows: number): string {
  return `${digits(rows)} ${rows === 1 ? "row" : "rows"}`;
}
