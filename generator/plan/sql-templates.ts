import { template } from "../pipeline/template.ts";

/** A column in a select list: its SQL, and ` AS "name"` where the name is not the SQL itself. */
export interface SelectItem {
  readonly sql: string;
  readonly as: string;
}

interface GroupFacts {
  readonly table: string;
  readonly conditions: readonly string[];
  readonly groupBy: readonly SelectItem[];
  readonly values: readonly { readonly sql: string; readonly alias: string }[];
}

interface JoinFacts {
  readonly kind: string;
  readonly relation: string;
  readonly alias: string;
  readonly conditions: readonly string[];
}

interface QueryFacts {
  readonly columns: readonly SelectItem[];
  readonly relation: string;
  readonly alias: string;
  readonly joins: readonly JoinFacts[];
}

const list = "{{#each columns}}{{#unless @first}},\n       {{/unless}}{{sql}}{{as}}{{/each}}";
const where = "{{#each conditions}}{{#if @first}} WHERE {{else}} AND {{/if}}{{this}}{{/each}}";

/** The SQL of plans. What stands here is layout; what to print is decided before. */
export const templates: {
  /** A table with the `where` of a dep. */
  readonly filtered: (facts: { readonly table: string; readonly conditions: readonly string[] }) => string;
  /** One row per group. */
  readonly groups: (facts: GroupFacts) => string;
  /** One row per group and further columns; the hashes are those of the whole group. */
  readonly groupsWithin: (
    facts: GroupFacts & {
      readonly beside: readonly SelectItem[];
      readonly on: readonly string[];
      readonly names: readonly string[];
      readonly valueNames: readonly string[];
    },
  ) => string;
  /** Relations joined. */
  readonly query: (facts: QueryFacts) => string;
  /** A query brought to one row per grain, where its rows may share one. */
  readonly onePerGrain: (facts: {
    readonly query: string;
    readonly grain: readonly string[];
    readonly values: readonly string[];
    readonly rows: string;
  }) => string;
  /** A field's provenance. */
  readonly provenance: (facts: { readonly parts: readonly string[] }) => string;
} = {
  filtered: template(`(SELECT * FROM {{table}}${where})`),
  groups: template(
    `SELECT {{#each groupBy}}{{sql}}{{as}}, {{/each}}count(*) AS "stemma_row_count"` +
      "{{#each values}},\n       {{sql}} AS {{alias}}{{/each}}\n" +
      `FROM {{table}}${where}\nGROUP BY {{#each groupBy}}{{#unless @first}}, {{/unless}}{{sql}}{{/each}}`,
  ),
  groupsWithin: template(
    `SELECT {{#each names}}{{this}}, {{/each}}m."stemma_row_count"{{#each valueNames}}, {{this}}{{/each}}\n` +
      "FROM (SELECT {{#each groupBy}}{{sql}}{{as}}, {{/each}}{{#each beside}}{{sql}}{{as}}, {{/each}}" +
      `count(*) AS "stemma_row_count"\n      FROM {{table}}${where} GROUP BY ALL) AS m\n` +
      "INNER JOIN (SELECT {{#each groupBy}}{{#unless @first}}, {{/unless}}{{sql}}{{as}}{{/each}}" +
      "{{#each values}},\n                   {{sql}} AS {{alias}}{{/each}}\n" +
      `            FROM {{table}}${where} GROUP BY ALL) AS k\n` +
      "ON {{#each on}}{{#unless @first}} AND {{/unless}}{{this}}{{/each}}",
  ),
  query: template(
    `SELECT ${list}\nFROM {{relation}} AS {{alias}}` +
      "{{#each joins}}\n{{kind}} {{relation}} AS {{alias}} ON " +
      "{{#each conditions}}{{#unless @first}} AND {{/unless}}{{this}}{{/each}}{{/each}}",
  ),
  onePerGrain: template(
    `SELECT {{#each grain}}{{this}}, {{/each}}{{rows}} AS "stemma_row_count",\n` +
      "       count(DISTINCT row({{#each values}}{{#unless @first}}, {{/unless}}coalesce({{this}}, ''){{/each}})) > 1" +
      ` AS "stemma_conflict"{{#each values}},\n       min({{this}}) AS {{this}}{{/each}}\n` +
      "FROM ({{query}})\nGROUP BY {{#each grain}}{{#unless @first}}, {{/unless}}{{this}}{{/each}}",
  ),
  provenance: template(
    "stemma_hash(concat({{#each parts}}{{#unless @first}}, {{/unless}}{{this}}{{/each}}))",
  ),
};
