import { renderTemplate } from "../pipeline/templates.ts";

/** A column in a select list: its SQL, and ` AS "name"` where the name is not the SQL itself. */
export interface SelectItem {
  readonly sql: string;
  readonly as: string;
}

/** Relations joined. */
export interface SelectFacts {
  /** Begins each line but the first. */
  readonly indent: string;
  readonly columns: readonly SelectItem[];
  readonly relation: string;
  readonly alias: string;
  readonly joins: readonly {
    readonly kind: string;
    readonly relation: string;
    readonly alias: string;
    readonly conditions: readonly string[];
  }[];
}

/** One row per group. */
export interface GroupFacts {
  /** Begins each line but the first. */
  readonly indent: string;
  readonly table: string;
  readonly conditions: readonly string[];
  readonly by: readonly SelectItem[];
  readonly values: readonly SelectItem[];
}

/** One row per group and further columns. The hashes are those of the whole group. */
export interface PartFacts extends GroupFacts {
  readonly others: readonly SelectItem[];
  readonly on: readonly string[];
  readonly names: readonly string[];
  readonly valueNames: readonly string[];
}

/** A query reduced to one row per work item, where several of its rows may belong to one. */
export interface WorkItemFacts {
  readonly query: string;
  readonly grain: readonly string[];
  readonly values: readonly string[];
  readonly rowCount: string;
  readonly conflict: string;
}

interface TemplateFacts {
  readonly select: SelectFacts;
  readonly groups: GroupFacts;
  readonly "groups-within": PartFacts;
  readonly "work-items": WorkItemFacts;
}

/** Renders SQL of a plan. The templates in `sql/` are its layout; what they print is decided before. */
export function renderSql<Name extends keyof TemplateFacts>(name: Name, facts: TemplateFacts[Name]): string {
  return renderTemplate(`plan/sql/${name}`, facts).trimEnd();
}
