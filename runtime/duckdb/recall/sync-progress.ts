import type { AnyFeature } from "../../feature.ts";
import type { Counts, PendingUpstream } from "../../increment.ts";
import { quoteName } from "../../sql-text.ts";
import { grainsTable } from "../comparison/comparison.ts";
import type { Session } from "../connection/session.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { type LogCover, markAtEnd, shapeOf } from "./log-cover.ts";
import type { Recollection } from "./recall.ts";
import { writeRecord } from "./sync-record.ts";

/** What a write appended to the target's log. */
export interface Appended {
  /** The table as it was before. */
  readonly table: PhysicalTable;
  readonly rows: number;
  /** Microseconds: the time of the rows, later than that of any before. */
  readonly time: bigint;
}

/** What a write answered: a whole set, or the grains in a table. */
export type Answered = { readonly set: "new" | "stale" } | { readonly grains: string };

interface Answers {
  readonly sets: ReadonlySet<string>;
  /** Grains answered one by one; one that was answered twice counts twice. */
  readonly grains: number;
  /** How many grains stayed unanswered when it was last recorded. */
  readonly recorded: number | undefined;
  /** Rows appended to the target, while they follow each other without a stranger's in between. */
  readonly appended: number | undefined;
}

/** At most this many grains stay open in a record; with more to do, the older record serves as well. */
const worthRecording = 1000;

/**
 * Keeps account of what an increment has answered, and records it once little is left open, and then each time that
 * this has halved: so many batches don't each write down what the others leave.
 *
 * What was resolved and not written stays open, orphans among it. Recording goes with the write: in its transaction.
 */
export class SyncProgress {
  readonly #feature: AnyFeature;
  readonly #recollection: Recollection;
  readonly #counts: Counts;
  readonly #pending: readonly PendingUpstream[];
  #answers: Answers = { sets: new Set(), grains: 0, recorded: undefined, appended: 0 };

  constructor(
    feature: AnyFeature,
    recollection: Recollection,
    counts: Counts,
    pending: readonly PendingUpstream[],
  ) {
    this.#feature = feature;
    this.#recollection = recollection;
    this.#counts = counts;
    this.#pending = pending;
  }

  /** Records that nothing is left open, where the comparison found nothing. Within a transaction. */
  async recordSync(session: Session): Promise<void> {
    await this.#record(session, this.#answers, undefined);
  }

  /**
   * Takes account of a write. Within its transaction; the function that it gives makes the account stand, once the
   * transaction is committed.
   */
  async answer(session: Session, appended: Appended, answered: Answered): Promise<() => void> {
    const answers = await this.#with(session, appended, answered);
    const unanswered = this.#unanswered(answers);
    const most = Math.max(worthRecording, Number(appended.table.position) / 10);
    const isLess = unanswered <= (answers.recorded ?? Number.POSITIVE_INFINITY) / 2;
    const isRecorded = isLess && unanswered + this.#counts.orphaned <= most;
    if (isRecorded) await this.#record(session, answers, appended);
    return () => {
      this.#answers = isRecorded ? { ...answers, recorded: unanswered } : answers;
    };
  }

  async #with(session: Session, { table, rows }: Appended, answered: Answered): Promise<Answers> {
    const { sets, grains, appended } = this.#answers;
    const position = BigInt(this.#target().position) + BigInt(appended ?? 0);
    const follows = appended !== undefined && table.position === position;
    const now = { ...this.#answers, appended: follows ? appended + rows : undefined };
    if ("set" in answered) return { ...now, sets: new Set([...sets, answered.set]) };
    return { ...now, grains: grains + (await this.#answerGrains(session, answered.grains)) };
  }

  async #answerGrains(session: Session, grains: string): Promise<number> {
    const grain = this.#grain();
    await session.run(
      `CREATE TEMP TABLE IF NOT EXISTS ${answeredTable} AS SELECT ${grain} FROM ${grains} WHERE false`,
    );
    return session.run(`INSERT INTO ${answeredTable} SELECT ${grain} FROM ${grains}`);
  }

  #unanswered({ sets, grains }: Answers): number {
    const { new: fresh, stale } = this.#counts;
    return Math.max(0, (sets.has("new") ? 0 : fresh) + (sets.has("stale") ? 0 : stale) - grains);
  }

  async #record(session: Session, answers: Answers, last: Appended | undefined): Promise<void> {
    const { recipe, covers } = this.#recollection;
    const target = await this.#targetCover(session, answers, last);
    const logs = [...covers.slice(0, -1), target];
    await writeRecord(
      session,
      this.#feature,
      recipe,
      { logs, pendingUpstream: this.#pending },
      this.#openGrains(answers),
    );
  }

  async #targetCover(session: Session, { appended }: Answers, last: Appended | undefined): Promise<LogCover> {
    const cover = this.#target();
    if (last === undefined || appended === undefined || appended === 0) return cover;
    const { table, time } = last;
    return {
      ...cover,
      position: String(BigInt(cover.position) + BigInt(appended)),
      rows: String(BigInt(cover.rows) + BigInt(appended)),
      mark: await markAtEnd(session, table, this.#feature.spec.idColumns),
      shape: shapeOf(table),
      newest: String(time),
    };
  }

  #openGrains({ sets, grains }: Answers): string {
    const grain = this.#grain();
    const unanswered = ["new", "stale"].filter((set) => !sets.has(set)).map((set) => `'${set}'`);
    const oneByOne = grains === 0 ? "" : ` AND (${grain}) NOT IN (SELECT ${grain} FROM ${answeredTable})`;
    const asked = unanswered.length === 0 ? "false" : `stemma_set IN (${unanswered.join(", ")})${oneByOne}`;
    return `SELECT ${grain} FROM ${grainsTable} WHERE stemma_set = 'orphaned' OR (${asked})`;
  }

  #target(): LogCover {
    const cover = this.#recollection.covers.at(-1);
    if (cover === undefined) throw new Error("A recollection covers no log");
    return cover;
  }

  #grain(): string {
    return this.#feature.plan.grain.map(quoteName).join(", ");
  }
}

const answeredTable = "stemma_answered";
