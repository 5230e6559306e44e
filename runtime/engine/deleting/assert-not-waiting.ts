import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { PendingUpstream } from "../../increment.ts";

/** Refuses to delete orphans while upstream features have to run first: their samples may only be waiting. */
export function assertNotWaiting(
  feature: AnyFeature,
  { pendingUpstream }: { readonly pendingUpstream: readonly PendingUpstream[] },
): void {
  const [first] = pendingUpstream;
  if (first === undefined) return;
  const reasons = pendingUpstream.map(reasonOf).join("; ");
  throw new StoreError(
    "upstream-pending",
    `Orphaned rows of ${feature.key} may only be waiting: ${reasons}. Run ${[...new Set(pendingUpstream.map((pending) => pending.feature))].join(", then ")} and resolve ${feature.key} again, or delete them all the same with { force: true } (stemma delete ${feature.key} --orphaned --force).`,
    { feature: feature.key, pendingUpstream },
  );
}

function reasonOf({ feature, samples, reason, columns = [] }: PendingUpstream): string {
  const are = samples === 1 ? "1 sample" : `${samples} samples`;
  switch (reason) {
    case "older-version":
      return `${are} of ${feature} ${samples === 1 ? "is" : "are"} stored under older versions only`;
    case "other-ids":
      return `${are} of ${feature} ${samples === 1 ? "is" : "are"} stored under other id columns only`;
    case "missing-required":
      return `${are} of ${feature} ${samples === 1 ? "lacks" : "lack"} ${columns.join(", ")}`;
  }
}
