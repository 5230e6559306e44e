import type { GroupedSet, RowGroup, SetKind } from "../../increment.ts";
import { BlockRows, type RowSource } from "../reading/block-rows.ts";

/** What is known of a set before its rows are read. */
export interface SetFacts<Kind> {
  readonly kind: Kind;
  readonly count: number;
  readonly rowCount: number;
  readonly grain: readonly string[];
}

/** One of the three sets of an increment, its rows ordered by grain. */
export class IncrementRows<Row, Id, Kind extends SetKind>
  extends BlockRows<Row>
  implements GroupedSet<Row, Id, Kind>
{
  readonly kind: Kind;
  readonly count: number;
  readonly rowCount: number;
  readonly #grain: readonly string[];

  constructor(source: RowSource, facts: SetFacts<Kind>) {
    super(source);
    this.kind = facts.kind;
    this.count = facts.count;
    this.rowCount = facts.rowCount;
    this.#grain = facts.grain;
  }

  async *groups(): AsyncGenerator<RowGroup<Row, Id>> {
    let rows: Row[] = [];
    let id: Record<string, unknown> | undefined;
    for await (const row of this) {
      const next = this.#idOf(row);
      if (id !== undefined && this.#grain.some((column) => id?.[column] !== next[column])) {
        yield { id: id as Id, rows };
        rows = [];
      }
      id = next;
      rows.push(row);
    }
    if (id !== undefined) yield { id: id as Id, rows };
  }

  #idOf(row: Row): Record<string, unknown> {
    const values = row as Readonly<Record<string, unknown>>;
    return Object.fromEntries(this.#grain.map((column) => [column, values[column]]));
  }
}
