import type { Lineage } from "../../runtime/contract.ts";
import type { BoundFilter } from "../../runtime/filter/bound-filter.ts";
import type { FilterResult } from "../../runtime/filter/filter-problem.ts";
import type { ParsedColumn, ParsedDep, ParsedSpec } from "../parse/parsed-spec.ts";

/** A spec whose deps are linked to the specs that they name. Every dep occurs once; unresolved ones are left out. */
export interface LinkedFeature {
  readonly spec: ParsedSpec;
  readonly deps: readonly LinkedDep[];
  /** Whether every dep is linked. Otherwise what the deps bring together is unknown, and not judged. */
  readonly complete: boolean;
}

/** A dep and the spec of its upstream, in the names after rename. */
export interface LinkedDep {
  readonly parsed: ParsedDep;
  readonly upstream: ParsedSpec;
  /** Every upstream column by its name after rename, in declared order. */
  readonly names: ReadonlyMap<string, ParsedColumn>;
  /** The upstream's ids after rename. */
  readonly ids: readonly string[];
  /** The columns of which the dep brings one row, or one group, each. */
  readonly grain: readonly string[];
  /** Each filter, compiled over {@link names}. */
  readonly where: readonly FilterResult<BoundFilter>[];
  /** With `on` filled in. */
  readonly lineage: Lineage;
}
