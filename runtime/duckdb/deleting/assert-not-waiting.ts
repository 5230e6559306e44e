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

function reasonOf({ feature, samples }: PendingUpstream): string {
  const are = samples === 1 ? "1 sample is" : `${samples} samples are`;
  return `${are} stored under older versions of ${feature} only`;
}
