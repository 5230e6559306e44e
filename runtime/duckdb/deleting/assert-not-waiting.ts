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
    `Orphaned rows of ${feature.key} may only be waiting: ${reasons}. Run ${pendingUpstream.map((pending) => pending.feature).join(", then ")} and resolve ${feature.key} again, or delete them all the same with { force: true } (stemma delete --force).`,
    { feature: feature.key, pendingUpstream },
  );
}

function reasonOf({ feature, samples, reason, columns = [] }: PendingUpstream): string {
  const [are, lack] =
    samples === 1 ? ["1 sample is", "1 sample"] : [`${samples} samples are`, `${samples} samples`];
  switch (reason) {
    case "older-version":
      return `${are} stored under older versions of ${feature} only`;
    case "other-ids":
      return `${are} stored under other id columns of ${feature}`;
    case "missing-required":
      return `${lack} of ${feature} lack${samples === 1 ? "s" : ""} ${columns.join(", ") || "what is required now"}`;
  }
}
