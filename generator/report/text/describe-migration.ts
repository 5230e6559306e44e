import type { MigrateResult, MigrationStep } from "../../../runtime/migrating.ts";
import { count, digits } from "../names.ts";

/** The migrations of a store: each feature with a line for each of its steps. */
export function describeMigration(
  migrations: readonly ({ readonly feature: string } & MigrateResult)[],
  isDone: boolean,
  store: string,
): string {
  const changed = migrations.filter(({ steps }) => steps.length > 0);
  if (changed.length === 0) return `Nothing to migrate: the tables in ${store} match their specs.\n`;
  const lines = changed.flatMap(({ feature, steps }) => [
    feature,
    ...steps.map((step) => `  ${describeStep(step, feature, isDone)}`),
  ]);
  const isBlocked = changed.some(({ steps }) => steps.some(({ kind }) => kind === "blocked"));
  const hint = isBlocked
    ? ["Blocked columns stay as they are. --drop sets values that do not fit to null."]
    : [];
  return `${[...lines, ...hint].join("\n")}\n`;
}

function describeStep(step: MigrationStep, feature: string, isDone: boolean): string {
  const verb = (done: string, planned: string): string => (isDone ? done : planned);
  switch (step.kind) {
    case "add-column":
      return `${verb("added", "add")} the column ${step.column} ${step.type}; stored rows are null there`;
    case "copy-column":
      return `${verb("copied", "copy")} ${step.from} to ${step.column}; ${step.from} stays until --drop`;
    case "change-type":
      return `${verb("changed", "change")} ${step.column} from ${step.from} to ${step.to}; stored values stay exact`;
    case "add-fields":
      return `${verb("added", "add")} ${step.fields.join(", ")} to ${step.column}`;
    case "clear-values":
      return `${verb("set", "set")} ${step.column} to null in ${count(step.rows, "row")} whose values do not fit`;
    case "drop-column":
      return `${verb("dropped", "drop")} the column ${step.column}, which was renamed`;
    case "carry-over":
      return describeCarryOver(step, isDone);
    case "blocked":
      return `blocked: ${step.column} is ${step.from}, and the spec declares ${step.to}; ${describeMisfits(step.rows, feature)}`;
  }
}

function describeMisfits(rows: number, feature: string): string {
  const verb = rows === 1 ? "has a value that does" : "have values that do";
  return `${count(rows, "row")} of ${feature} ${verb} not fit`;
}

function describeCarryOver(
  { samples, table, left, waitsFor }: Extract<MigrationStep, { readonly kind: "carry-over" }>,
  isDone: boolean,
): string {
  const upstream = waitsFor.join(", ");
  const condition = `once ${upstream} is migrated or run`;
  if (samples === 0) return `copy rows from its former table ${table} ${condition}`;
  const copied = `${isDone ? "copied" : "copy"} ${count(samples, "sample")} from its former table ${table}`;
  if (upstream !== "") return `${copied}; the rest ${condition}`;
  return left === 0 ? copied : `${copied}; ${digits(left)} were not up to date and stay new`;
}
