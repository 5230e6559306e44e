import { renderTemplate } from "../../pipeline/templates.ts";

/** What the page of a diff prints. Every string is Markdown that is safe to print. */
export interface PageFacts {
  readonly base: string | undefined;
  readonly fallback: string | undefined;
  readonly totals: string;
  readonly body: string;
}

/** A list of a page: below a heading, in a fold, or without either. */
export interface SectionFacts {
  readonly heading: string | undefined;
  /** Summary of the fold. */
  readonly summary: string | undefined;
  readonly items: readonly string[];
  readonly omitted: number;
  /** Prints the omitted items. */
  readonly command: string;
}

/** A feature in a fold. */
export interface FeatureFacts {
  readonly isOpen: boolean;
  readonly summary: string;
  readonly facts: string;
  readonly condition: string | undefined;
  readonly workItems: string;
  readonly counts: readonly { readonly name: string; readonly count: string }[];
  readonly fields: readonly string[];
  readonly omittedFields: number;
  readonly unchanged: string | undefined;
  readonly changes: readonly string[];
  readonly omittedChanges: number;
}

/** The reference page of all rules. */
export interface RulesFacts {
  /** Lines of the table. */
  readonly overview: readonly string[];
  readonly groups: readonly RuleGroupFacts[];
}

/** Some rules below a heading. */
export interface RuleGroupFacts {
  readonly title: string;
  readonly intro: string;
  readonly rules: readonly {
    readonly id: string;
    readonly title: string;
    readonly severity: string;
    readonly recompute: string;
    readonly types: string;
    readonly explanation: string;
  }[];
}

/** The Markdown documents: each is laid out by the `.hbs` file of its name. What to print is decided before. */
export const templates: {
  readonly page: (facts: PageFacts) => string;
  readonly section: (facts: SectionFacts) => string;
  readonly feature: (facts: FeatureFacts) => string;
  readonly rules: (facts: RulesFacts) => string;
} = {
  page: (facts) => renderTemplate("report/markdown/page", facts),
  section: (facts) => renderTemplate("report/markdown/section", facts),
  feature: (facts) => renderTemplate("report/markdown/feature", facts),
  rules: (facts) => renderTemplate("report/markdown/rules", facts),
};
