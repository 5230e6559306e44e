import { quoteLiteral } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import type { StoreContext } from "../store-context.ts";
import { recordHash } from "../tables/meta-table.ts";
import { qualifiedName } from "../tables/physical-table.ts";
import { textType, timeType } from "../tables/relation.ts";

/** Name of the table of runs of `store.process`: one row per run, of one feature version. */
export const runsTable = "stemma_runs";

/** A run that was started. */
export interface Run {
  readonly id: string;
  readonly startedAt: bigint;
}

/** What a run did. */
export interface RunTotals {
  /** Work items that succeeded. */
  readonly items: number;
  readonly failed: number;
  /** Rows written. */
  readonly rows: number;
  /** Seconds that workers took, added up over all work items. */
  readonly seconds: number;
}

/** Records that a run begins. A run that is killed stays without an end. */
export async function startRun(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
  { materializationId }: { readonly materializationId?: string | undefined } = {},
): Promise<Run> {
  const run = { id: crypto.randomUUID(), startedAt: store.now() };
  const { dialect } = session;
  const text = textType(dialect);
  const { BIGINT, DOUBLE } = dialect.values.scalars;
  const values = [run.id, feature.key, feature.featureVersion].map(quoteLiteral);
  await store.writing(session, async () => {
    await recordHash(session, store.algorithm);
    await session.run(
      `CREATE TABLE IF NOT EXISTS ${qualifiedName(runsTable)} (run_id ${text}, feature ${text}, feature_version ${text},
         started_at ${timeType(dialect)}, finished_at ${timeType(dialect)}, items ${BIGINT.type}, failed ${BIGINT.type}, rows ${BIGINT.type},
         seconds ${DOUBLE.type}, seconds_per_item ${DOUBLE.type}, materialization_id ${text})`,
    );
    await session.run(
      `INSERT INTO ${qualifiedName(runsTable)} (run_id, feature, feature_version, started_at, items, failed, rows, seconds, materialization_id)
       VALUES (${values.join(", ")}, ${dialect.timeAt(run.startedAt)}, 0, 0, 0, 0,
         ${materializationId === undefined ? "NULL" : quoteLiteral(materializationId)})`,
    );
  });
  return run;
}

/** Records the end of a run. */
export async function finishRun(
  store: StoreContext,
  session: EngineSession,
  run: Run,
  { items, failed, rows, seconds }: RunTotals,
): Promise<void> {
  const count = items + failed;
  const perItem = count === 0 ? "NULL" : String(seconds / count);
  await store.writing(session, async () => {
    await session.run(
      `UPDATE ${qualifiedName(runsTable)} SET finished_at = ${session.dialect.timeAt(store.now())},
         items = ${items}, failed = ${failed}, rows = ${rows}, seconds = ${seconds}, seconds_per_item = ${perItem}
       WHERE run_id = ${quoteLiteral(run.id)}`,
    );
  });
}

/** The latest run of a feature version that came to its end and had work to do. */
export interface FinishedRun {
  readonly id: string;
  /** Microseconds: when it ended. */
  readonly finishedAt: bigint;
  /** Work items that succeeded or failed. */
  readonly items: number;
  /** Seconds that workers took. */
  readonly seconds: number;
  /** Seconds from its beginning to its end. */
  readonly elapsed: number;
}

/** Reads the latest finished run under the current feature version. */
export async function lastFinishedRun(
  session: EngineSession,
  { key, featureVersion }: AnyFeature,
): Promise<FinishedRun | undefined> {
  const name = qualifiedName(runsTable);
  if ((await session.columnsOf(name)) === undefined) return undefined;
  const { microseconds } = session.dialect;
  const [row] = await session.rows(
    `SELECT run_id, ${microseconds("started_at")} AS started, ${microseconds("finished_at")} AS finished, items + failed AS items, seconds
     FROM ${name} WHERE feature = ${quoteLiteral(key)} AND feature_version = ${quoteLiteral(featureVersion)}
       AND finished_at IS NOT NULL AND items + failed > 0
     ORDER BY finished_at DESC LIMIT 1`,
  );
  if (row === undefined) return undefined;
  const finishedAt = BigInt(String(row["finished"]));
  return {
    id: String(row["run_id"]),
    finishedAt,
    items: Number(row["items"]),
    seconds: Number(row["seconds"]),
    elapsed: Number(finishedAt - BigInt(String(row["started"]))) / 1e6,
  };
}
