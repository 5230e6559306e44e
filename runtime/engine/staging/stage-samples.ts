import type { AnyFeature } from "../../feature.ts";
import type { RowsInput } from "../../increment.ts";
import type { Session } from "../../duckdb/session.ts";
import { checkRows } from "./check-rows.ts";
import { stagingSchemaOf } from "./staging-schema.ts";
import { stageRows } from "./stage-rows.ts";

/** Stages samples: rows that bear their provenance, one per grain. Gives SQL of them. */
export async function stageSamples(
  session: Session,
  feature: AnyFeature,
  samples: RowsInput<object>,
): Promise<string> {
  const { grain, checks } = feature.plan;
  const schema = stagingSchemaOf(feature);
  const raw = await stageRows(session, "stemma_samples_given", samples, schema);
  const requirements = {
    ...schema,
    required: grain,
    unique: grain,
    checks: checks ?? [],
    provenance: "required",
  } as const;
  const checked = await session.exclusive(() => checkRows(session, raw, requirements));
  return checked.sql;
}
