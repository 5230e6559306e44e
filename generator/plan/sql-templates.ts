import { template } from "../pipeline/template.ts";

/** A column in a select list: its SQL, and ` AS "name"` where the name is not the SQL itself. */
export interface SelectItem {
  readonly sql: string;
  readonly as: string;
}

interface GroupFacts {
  /** Begins each line but the first. */
  readonly indent: string;
  readonly table: string;
  readonly conditions: readonly string[];
  readonly by: readonly SelectItem[];
  readonly values: readonly SelectItem[];
}

interface QueryFacts {
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

const where = "{{#each conditions}}{{#if @first}} WHERE {{else}} AND {{/if}}{{this}}{{/each}}";
const comma = "{{#unless @first}}, {{/unless}}";
const by = `{{#each by}}${comma}{{sql}}{{/each}}`;

/** The layout of a plan's SQL. What to print is decided before. */
export const templates: {
  /** A table with the filters of a dep. */
  readonly filtered: (facts: { readonly table: string; readonly conditions: readonly string[] }) => string;
  /** One row per group. */
  readonly groups: (facts: GroupFacts) => string;
  /** One row per group and further columns; the hashes are those of the whole group. */
  readonly groupsWithin: (
    facts: GroupFacts & {
      readonly others: readonly SelectItem[];
      readonly on: readonly string[];
      readonly names: readonly string[];
      readonly valueNames: readonly string[];
    },
  ) => string;
  /** Relations joined. */
  readonly query: (facts: QueryFacts) => string;
  /** A query brought to one row per work item, where its rows may share one. */
  readonly onePerGrain: (facts: {
    readonly query: string;
    readonly grain: readonly string[];
    readonly values: readonly string[];
    readonly rowCount: string;
    readonly conflict: string;
  }) => string;
} = {
  filtered: template(`(SELECT * FROM {{table}}${where})`),
  groups: template(
    `SELECT {{#each by}}{{sql}}{{as}}, {{/each}}count(*) AS "stemma_row_count"` +
      "{{#each values}},\n{{../indent}}       {{sql}}{{as}}{{/each}}\n" +
      `{{indent}}FROM {{table}}${where}\n{{indent}}GROUP BY ${by}`,
  ),
  groupsWithin: template(
    `SELECT {{#each names}}{{this}}, {{/each}}m."stemma_row_count"{{#each valueNames}}, {{this}}{{/each}}\n` +
      "{{indent}}FROM (SELECT {{#each by}}{{sql}}{{as}}, {{/each}}{{#each others}}{{sql}}{{as}}, {{/each}}" +
      `count(*) AS "stemma_row_count"\n{{indent}}      FROM {{table}}${where}\n` +
      `{{indent}}      GROUP BY ${by}{{#each others}}, {{sql}}{{/each}}) AS m\n` +
      `{{indent}}INNER JOIN (SELECT {{#each by}}${comma}{{sql}}{{as}}{{/each}}` +
      "{{#each values}},\n{{../indent}}                   {{sql}}{{as}}{{/each}}\n" +
      `{{indent}}            FROM {{table}}${where}\n{{indent}}            GROUP BY ${by}) AS k\n` +
      "{{indent}}ON {{#each on}}{{#unless @first}} AND {{/unless}}{{this}}{{/each}}",
  ),
  query: template(
    "SELECT {{#each columns}}{{#unless @first}},\n{{../indent}}       {{/unless}}{{sql}}{{as}}{{/each}}\n" +
      "{{indent}}FROM {{relation}} AS {{alias}}" +
      "{{#each joins}}\n{{../indent}}{{kind}} {{relation}} AS {{alias}} ON " +
      "{{#each conditions}}{{#unless @first}} AND {{/unless}}{{this}}{{/each}}{{/each}}",
  ),
  onePerGrain: template(
    `SELECT {{#each grain}}{{this}}, {{/each}}{{rowCount}} AS "stemma_row_count",\n` +
      `       {{conflict}} AS "stemma_conflict"{{#each values}},\n       min({{this}}) AS {{this}}{{/each}}\n` +
      `FROM ({{query}}) AS q\nGROUP BY {{#each grain}}${comma}{{this}}{{/each}}`,
  ),
};
