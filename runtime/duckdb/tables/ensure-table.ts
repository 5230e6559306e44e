import { parseColumn, printType } from "../../column-type.ts";
import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { writableTable } from "./feature-tables.ts";
import { inspectTable, type PhysicalTable, qualifiedName } from "./physical-table.ts";
import { structMembers, structType } from "./relation.ts";
import { byFieldColumns, systemColumns } from "./system-columns.ts";

/**
 * Makes a feature's table fit to take its rows: creates it, or adds the columns and struct members that were declared
 * since. What an older definition left there stays. Within a transaction.
 */
export async function ensureTable(session: Session, feature: AnyFeature): Promise<PhysicalTable> {
  const existing = await writableTable(session, feature);
  if (existing === undefined) await createTable(session, feature);
  else if (!(await extendTable(session, feature, existing))) return existing;
  const table = await inspectTable(session, feature.table);
  if (table === undefined) throw new Error(`The table of ${feature.key} was made and is not there`);
  return table;
}

async function createTable(session: Session, feature: AnyFeature): Promise<void> {
  const byField = structType(Object.keys(feature.plan.members));
  const columns = [
    ...Object.entries(feature.spec.columns).map(([name, text]) => `${quoteName(name)} ${declaredType(text)}`),
    ...Object.entries(systemColumns).map(([name, type]) => `${name} ${type === "STRUCT" ? byField : type}`),
  ];
  await session.run(`CREATE TABLE ${qualifiedName(feature.table)} (${columns.join(", ")})`);
}

/** Gives whether there was anything to add. */
async function extendTable(session: Session, feature: AnyFeature, table: PhysicalTable): Promise<boolean> {
  let extended = false;
  const byLowerCase = new Map([...table.columns.keys()].map((column) => [column.toLowerCase(), column]));
  for (const [name, text] of Object.entries(feature.spec.columns)) {
    if (table.columns.has(name)) continue;
    const other = byLowerCase.get(name.toLowerCase());
    if (other !== undefined) {
      throw new StoreError(
        "table-shape",
        `The table of ${feature.key} has the column ${other}, and the spec declares ${name}: DuckDB can't hold both. Rename one of them.`,
        { feature: feature.key, column: name },
      );
    }
    await session.run(`ALTER TABLE ${table.name} ADD COLUMN ${quoteName(name)} ${declaredType(text)}`);
    extended = true;
  }
  for (const column of byFieldColumns) {
    const type = table.columns.get(column) ?? "";
    if (type.startsWith("MAP")) continue;
    const present = structMembers(type);
    const lacking = Object.keys(feature.plan.members).filter((member) => !present.includes(member));
    if (lacking.length === 0) continue;
    // DuckDB can't replay ADD COLUMN of a member from its log, and after a kill would not open the file again.
    const members = lacking.map((member) => `, ${quoteName(member)} VARCHAR`).join("");
    await session.run(
      `ALTER TABLE ${table.name} ALTER COLUMN ${column} SET DATA TYPE ${type.slice(0, -1)}${members})`,
    );
    extended = true;
  }
  return extended;
}

function declaredType(text: string): string {
  return printType(parseColumn(text).type).replaceAll("INT64", "BIGINT");
}
