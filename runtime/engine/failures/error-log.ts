import type { ColumnType } from "../../columns/column-type.ts";
import { declaredType } from "../../columns/parsed-columns.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type {
  ErrorLog,
  ErrorsOptions,
  FailureEntry,
  RecordErrorsOptions,
  RecordedError,
} from "../../failures.ts";
import type { AnyFeature, GrainOf } from "../../feature.ts";
import type { RowsInput } from "../../increment.ts";
import type { EngineSession, ReadColumn } from "../engine.ts";
import { assertKnownOptions } from "../known-options.ts";
import { BlockRows } from "../reading/block-rows.ts";
import { createRowTable } from "../reading/row-table.ts";
import { checkRows } from "../staging/check-rows.ts";
import { isFileRows } from "../staging/stage-files.ts";
import { isSqlRows, stageRows } from "../staging/stage-rows.ts";
import { assertWritable, type StoreContext } from "../store-context.ts";
import { errorsSchema, grainOf, ofCurrentVersion } from "./errors-table.ts";
import { recordFailures } from "./record-failures.ts";

/** The errors of a feature, see {@link ErrorLog}. Each operation has a session of its own. */
export class FeatureErrors extends BlockRows<RecordedError<AnyFeature>> implements ErrorLog<AnyFeature> {
  readonly #store: StoreContext;
  readonly #feature: AnyFeature;
  readonly #condition: string;

  constructor(store: StoreContext, feature: AnyFeature, options: ErrorsOptions) {
    assertKnownOptions("errors", options, ["allVersions"]);
    const condition = options.allVersions === true ? "true" : ofCurrentVersion(feature);
    const columns = readColumnsOf(feature);
    super({
      what: `errors of ${feature.key}`,
      columns,
      open: async (names) => {
        const session = await store.connect(feature);
        try {
          const sql = () => listErrors(session, feature, condition, columns, names);
          const table = await session.exclusive(() =>
            session.transaction(async () => createRowTable(session, "stemma_errors", await sql(), {}, [])),
          );
          return { ...table, release: () => session.close() };
        } catch (error) {
          await session.close();
          throw error;
        }
      },
    });
    this.#store = store;
    this.#feature = feature;
    this.#condition = condition;
  }

  async count(): Promise<number> {
    return this.#withSession((session) =>
      session.exclusive(async () => {
        const schema = await errorsSchema(session, this.#feature);
        if (schema === undefined) return 0;
        const [found] = await session.rows(
          `SELECT count(*) AS errors FROM ${schema.name} WHERE ${this.#condition}`,
        );
        return Number(found?.["errors"]);
      }),
    );
  }

  async record(
    entries: RowsInput<FailureEntry<AnyFeature>>,
    options: RecordErrorsOptions = {},
  ): Promise<number> {
    assertKnownOptions("record", options, ["runId", "signal"]);
    assertWritable(this.#store);
    return this.#withSession((session) =>
      recordFailures(this.#store, session, this.#feature, entries, options),
    );
  }

  async reset(ids?: GrainOf<AnyFeature> | RowsInput<GrainOf<AnyFeature>>): Promise<number> {
    assertWritable(this.#store);
    return this.#withSession(async (session) => {
      const requested = ids === undefined ? undefined : await stageIds(session, this.#feature, ids);
      return this.#store.writing(session, async () => {
        const schema = await errorsSchema(session, this.#feature);
        if (schema === undefined) return 0;
        const grain = grainOf(this.#feature);
        const isRequested =
          requested === undefined ? "" : ` AND (${grain}) IN (SELECT ${grain} FROM (${requested}))`;
        return session.run(`DELETE FROM ${schema.stored} WHERE ${this.#condition}${isRequested}`);
      });
    });
  }

  async #withSession<T>(work: (session: EngineSession) => Promise<T>): Promise<T> {
    const session = await this.#store.connect(this.#feature);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }
}

const text: ColumnType = { kind: "scalar", name: "VARCHAR" };

function readColumnsOf({ plan, spec }: AnyFeature): readonly ReadColumn[] {
  const members = plan.grain.map((name) => ({ name, type: declaredType(spec.columns, name) }));
  return [
    { name: "id", type: { kind: "struct", members } },
    { name: "type", type: text },
    { name: "message", type: text },
    { name: "attempts", type: { kind: "scalar", name: "BIGINT" } },
    { name: "at", type: { kind: "scalar", name: "TIMESTAMPTZ" } },
    { name: "featureVersion", type: text },
    { name: "provenance", type: text },
    { name: "runId", type: text },
  ];
}

/** Column of the table by its public name; `id` is made of the grain. */
const storedNames: Readonly<Record<string, string>> = {
  type: "stemma_error_type",
  message: "stemma_message",
  attempts: "stemma_attempts",
  at: "stemma_failed_at",
  featureVersion: "metaxy_feature_version",
  provenance: "metaxy_provenance",
  runId: "stemma_run_id",
};

async function listErrors(
  session: EngineSession,
  feature: AnyFeature,
  condition: string,
  columns: readonly ReadColumn[],
  names: readonly string[],
): Promise<string> {
  const { values } = session.dialect;
  const requested = columns.filter(({ name }) => names.includes(name));
  const schema = await errorsSchema(session, feature);
  if (schema === undefined) {
    const nulls = requested.map(
      ({ name, type }) => `${values.nullOf(values.typeName(type))} AS ${quoteIdentifier(name)}`,
    );
    return `SELECT ${nulls.join(", ")} WHERE false`;
  }
  const id = values.struct(feature.plan.grain.map((column) => [column, quoteIdentifier(column)]));
  const selected = requested.map(({ name }) => `${storedNames[name] ?? id} AS ${quoteIdentifier(name)}`);
  return `SELECT ${selected.join(", ")} FROM ${schema.name} WHERE ${condition} ORDER BY stemma_failed_at DESC, ${grainOf(feature)}`;
}

/** Brings the grains of work items into a temporary table; returns SQL of them. */
async function stageIds(session: EngineSession, feature: AnyFeature, ids: object): Promise<string> {
  const { grain, fieldMembers } = feature.plan;
  const schema = {
    feature: feature.key,
    columns: Object.fromEntries(grain.map((column) => [column, feature.spec.columns[column] ?? "VARCHAR"])),
    members: Object.keys(fieldMembers),
  };
  const isIterable = Symbol.iterator in ids || Symbol.asyncIterator in ids;
  const isQuery = !grain.some((column) => column in ids) && (isSqlRows(ids) || isFileRows(ids));
  const rows = isQuery
    ? (ids as RowsInput<object>)
    : pick(feature, isIterable ? (ids as Iterable<object>) : [ids]);
  const raw = await stageRows(session, "stemma_error_ids", rows, schema);
  const requirements = { ...schema, required: grain, unique: [], checks: [], provenance: "ignored" } as const;
  return (await session.exclusive(() => checkRows(session, raw, requirements))).sql;
}

/** The grain columns of objects, which may be whole rows. */
async function* pick(
  { plan, key }: AnyFeature,
  ids: Iterable<object> | AsyncIterable<object>,
): AsyncGenerator<object> {
  for await (const id of ids) {
    const values = id as Readonly<Record<string, unknown>>;
    const missing = plan.grain.find((column) => values?.[column] === undefined || values[column] === null);
    if (missing !== undefined) {
      throw new InputError(
        "missing-column",
        `An id of ${key} lacks ${missing}. The id of a work item has ${plan.grain.join(", ")}.`,
        { feature: key, column: missing },
      );
    }
    yield Object.fromEntries(plan.grain.map((column) => [column, values[column]]));
  }
}
