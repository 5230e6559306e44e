import type { Recompute, TypesEffect } from "../../diff/index.ts";

/** What a change requires to recompute. */
export const recomputeLabels: Readonly<Record<Recompute, string>> = {
  none: "nothing to recompute",
  orphans: "nothing to recompute, but stored rows are no longer expected",
  some: "some rows to recompute; the data decides which",
  all: "all rows to recompute",
};

/** What a change does to TypeScript code that uses the generated module. */
export const typesLabels: Readonly<Record<TypesEffect, string>> = {
  none: "types stay",
  additive: "types are extended",
  breaking: "types break",
};
