import { printType } from "../../columns/column-type.ts";
import { declaredType } from "../../columns/parsed-columns.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { FailureEntry } from "../../failures.ts";
import type { AnyFeature } from "../../feature.ts";
import type { RowsInput } from "../../increment.ts";
import type { EngineSession } from "../engine.ts";
import { checkRows } from "../staging/check-rows.ts";
import { stageRows } from "../staging/stage-rows.ts";
import type { StoreContext } from "../store-context.ts";
import { recordHash } from "../tables/meta-table.ts";
import { qualifiedName } from "../tables/physical-table.ts";
import { ensureErrorsTable, errorsTable, grainOf, ofCurrentVersion } from "./errors-table.ts";

/** Facts of a call that records failures. */
export interface RecordFailuresOptions {
  /** The run in which the items failed. */
  readonly runId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is told of an error, and no more: no stack, no cause, and no message without end. */
const maxMessageLength = 2000;

/**
 * Describes what a worker threw: its class, and its message, cut to 2,000 characters.
 *
 * @example
 * ```ts
 * describeError(new TypeError("x is not a function")); // { type: "TypeError", message: "x is not a function" }
 * ```
 */
export function describeError(thrown: unknown): { readonly type: string; readonly message: string } {
  const isError = thrown instanceof Error;
  const type = isError ? wellFormed(String(thrown.name)) || "Error" : "Error";
  return { type, message: wellFormed(isError ? String(thrown.message) : String(thrown)) };
}

/** The beginning of a text, without halves of characters, which no store can hold. */
function wellFormed(text: string): string {
  return Array.from(text.slice(0, 2 * maxMessageLength))
    .slice(0, maxMessageLength)
    .join("")
    .toWellFormed();
}

/**
 * Records work items that failed, in a few statements however many there are. An item that failed before under the same
 * feature version keeps one record, of its latest failure; attempts with the same provenance add up.
 *
 * Takes the session piece by piece, and so must not be called within its `exclusive`.
 *
 * @returns How many items were recorded.
 */
export async function recordFailures(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
  entries: RowsInput<FailureEntry<AnyFeature>>,
  { runId, signal }: RecordFailuresOptions = {},
): Promise<number> {
  const schema = {
    feature: feature.key,
    columns: {
      id: `${idType(feature)} NOT NULL`,
      type: "VARCHAR",
      message: "VARCHAR NOT NULL",
      provenance: "VARCHAR NOT NULL",
      attempts: "BIGINT",
    },
    members: Object.keys(feature.plan.fieldMembers),
  };
  const raw = await stageRows(session, "stemma_errors_given", entries, schema, signal);
  const checked = await session.exclusive(async () => {
    const { sql } = await checkRows(session, raw, {
      ...schema,
      required: ["id", "message", "provenance"],
      unique: [],
      checks: [],
      provenance: "ignored",
    });
    await assertIds(session, feature, sql);
    return sql;
  });
  return store.writing(
    session,
    async () => {
      await recordHash(session, store.algorithm);
      await ensureErrorsTable(session, feature);
      return replaceErrors(session, feature, checked, { runId, time: store.now() });
    },
    signal,
  );
}

/** The id of an entry, as the text of a column. */
function idType({ plan, spec }: AnyFeature): string {
  const members = plan.grain.map((name) => ({ name, type: declaredType(spec.columns, name) }));
  return printType({ kind: "struct", members });
}

/** Refuses ids that lack a column of the grain. */
async function assertIds(session: EngineSession, feature: AnyFeature, entries: string): Promise<void> {
  const { member } = session.dialect.values;
  const counts = feature.plan.grain.map(
    (column, index) => `${session.dialect.countIf(`${member("id", column)} IS NULL`)} AS c${index}`,
  );
  const [found] = await session.rows(`SELECT ${counts.join(", ")} FROM (${entries})`);
  const column = feature.plan.grain.find((_, index) => Number(found?.[`c${index}`] ?? 0) > 0);
  if (column === undefined) return;
  throw new InputError(
    "null-id",
    `An error of ${feature.key} has an id without ${column}. The id of a work item has ${feature.plan.grain.join(", ")}.`,
    { feature: feature.key, column },
  );
}

/** Replaces what was recorded of the items that failed. Within a transaction. */
async function replaceErrors(
  session: EngineSession,
  feature: AnyFeature,
  entries: string,
  { runId, time }: { readonly runId: string | undefined; readonly time: bigint },
): Promise<number> {
  const { dialect } = session;
  const name = qualifiedName(errorsTable(feature));
  const { nullOf, member, scalars } = dialect.values;
  const grain = feature.plan.grain.map(quoteIdentifier);
  const ids = feature.plan.grain.map((column) => `${member("id", column)} AS ${quoteIdentifier(column)}`);
  const flat = `SELECT ${ids.join(", ")}, ${quoteLiteral(feature.featureVersion)} AS metaxy_feature_version,
      provenance AS metaxy_provenance, coalesce(type, 'Error') AS stemma_error_type,
      substr(message, 1, ${maxMessageLength}) AS stemma_message, coalesce(attempts, 1) AS stemma_attempts,
      ${dialect.timeAt(time)} AS stemma_failed_at,
      ${runId === undefined ? nullOf(scalars.VARCHAR.type) : quoteLiteral(runId)} AS stemma_run_id
    FROM (${entries})`;
  // Several entries of one item report the same work.
  const distinct = dialect.firstOfEach("*", `(${flat})`, grain, "stemma_attempts DESC, stemma_message");
  const before = `(SELECT * FROM ${name} WHERE ${ofCurrentVersion(feature)})`;
  const same = [...grain, "metaxy_provenance"].map((column) => `b.${column} = n.${column}`);
  const attempts = "n.stemma_attempts + coalesce(b.stemma_attempts, 0)";
  const columns = dialect.allColumns({ of: "n", replaced: [["stemma_attempts", attempts]] });
  await session.run(
    dialect.createTemp(
      "stemma_errors_new",
      `SELECT ${columns} FROM (${distinct}) AS n LEFT JOIN ${before} AS b ON ${same.join(" AND ")}`,
      "replace",
    ),
  );
  const added = dialect.tempName("stemma_errors_new");
  await session.run(
    `DELETE FROM ${name} WHERE ${ofCurrentVersion(feature)} AND (${grainOf(feature)}) IN (SELECT ${grainOf(feature)} FROM ${added})`,
  );
  return session.run(dialect.insertByName(name, `SELECT * FROM ${added}`));
}
