import type { GroupedSet, RowGroup, SetKind } from "../../increment.ts";
import type { Block, ReadColumn } from "../engine.ts";
import { BlockRows, type RowSource, rowBuilder } from "../reading/block-rows.ts";

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
  readonly #facts: SetFacts<Kind>;

  constructor(source: RowSource, facts: SetFacts<Kind>, columns?: readonly ReadColumn[]) {
    super(source, columns);
    this.kind = facts.kind;
    this.count = facts.count;
    this.rowCount = facts.rowCount;
    this.#facts = facts;
  }

  override select<Column extends keyof Row>(
    ...columns: readonly Column[]
  ): IncrementRows<Pick<Row, Column>, Id, Kind> {
    return new IncrementRows<Pick<Row, Column>, Id, Kind>(this.source, this.#facts, this.chosen(columns));
  }

  protected override async *blocks(columns: readonly ReadColumn[]): AsyncGenerator<Block> {
    if (this.count > 0) yield* super.blocks(columns);
  }

  async *groups(): AsyncGenerator<RowGroup<Row, Id>> {
    const { grain } = this.#facts;
    const ids = this.source.columns.filter(({ name }) => grain.includes(name));
    const build = rowBuilder<Row>(this.columns);
    const buildIds = rowBuilder<Record<string, unknown>>(ids);
    let group: { id: Record<string, unknown>; rows: Row[] } | undefined;
    for await (const block of this.blocks([...ids, ...this.columns])) {
      const idOf = buildIds(block);
      for (const [index, row] of build(block).entries()) {
        const id = idOf[index] ?? {};
        if (group !== undefined && grain.every((column) => group?.id[column] === id[column])) {
          group.rows.push(row);
          continue;
        }
        if (group !== undefined) yield group as RowGroup<Row, Id>;
        group = { id, rows: [row] };
      }
    }
    if (group !== undefined) yield group as RowGroup<Row, Id>;
  }
}
