import type { RowStage, StagedColumn } from "../../engine/staging/row-stage.ts";
import type { Session } from "../session.ts";
import { TextStage } from "./text-stage.ts";
import { ValueStage } from "./value-stage.ts";

/** Creates a temporary table and opens it for rows: as joined texts where all columns have such, which is three times as fast. */
export async function openStage(
  session: Session,
  table: string,
  columns: readonly StagedColumn[],
): Promise<RowStage> {
  return (await TextStage.open(session, table, columns)) ?? (await ValueStage.open(session, table, columns));
}
