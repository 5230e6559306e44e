import type { EngineSession } from "../engine.ts";
import { type Repeated, repeatedIds } from "../tables/latest-rows.ts";
import { type LogSpec, logOf } from "../tables/relation.ts";

/**
 * The ids that occur more than once in the logs of a resolve. They are searched once, so that what reads the latest
 * rows afterwards, to compare, to iterate or to write, need not. They belong to the session, as an increment does.
 */
export class RepeatedIds {
  readonly #session: EngineSession;
  /** By SQL of the log. */
  readonly #found = new Map<string, Repeated>();

  constructor(session: EngineSession) {
    this.#session = session;
  }

  /** Those of one log; undefined where ranking all of its rows is cheaper than to find out. */
  async of(spec: LogSpec): Promise<Repeated | undefined> {
    const { log, isCheap } = logOf(this.#session.dialect, spec);
    if (!isCheap) return undefined;
    const found = this.#found.get(log) ?? (await this.#find(spec, log));
    this.#found.set(log, found);
    return found;
  }

  async #find({ idColumns }: LogSpec, log: string): Promise<Repeated> {
    const { dialect } = this.#session;
    const table = `stemma_repeated_${this.#found.size + 1}`;
    const sql = dialect.createTemp(table, repeatedIds(dialect, { idColumns, log }));
    await this.#session.run(sql);
    const [found] = await this.#session.rows(`SELECT count(*) AS ids FROM ${dialect.tempName(table)}`);
    return found?.["ids"] === 0n ? "none" : { sql: `SELECT * FROM ${dialect.tempName(table)}` };
  }
}
