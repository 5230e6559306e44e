import type { AnyFeature } from "../../feature.ts";
import type { PendingUpstream, SetKind } from "../../increment.ts";
import type { ResolvedSource } from "../checkpoint/resolved-sources.ts";
import type { EngineSession } from "../engine.ts";
import { BlockRows, type RowSource } from "../reading/block-rows.ts";
import type { StoreContext } from "../store-context.ts";

/** The increment that a set belongs to, as far as an operation on the stored samples of the set needs it. */
export interface SetOwner {
  readonly store: StoreContext;
  /** Holds the grains of the increment in a temporary table. */
  readonly session: EngineSession;
  readonly feature: AnyFeature;
  readonly kind: SetKind;
  readonly count: number;
  readonly pendingUpstream: readonly PendingUpstream[];
  /** Offset of the target's log when it was resolved: rows at or behind it are newer. */
  readonly offset: bigint;
  /** The target's log as it was resolved. */
  readonly sources: readonly ResolvedSource[];
}

const owners = new WeakMap<RowSource, SetOwner>();

/** Notes which increment the rows of a source belong to. */
export function registerSet(source: RowSource, owner: SetOwner): void {
  owners.set(source, owner);
}

/** The increment of a set, or of a selection of its columns; undefined for anything else. */
export function ownerOf(set: unknown): SetOwner | undefined {
  return set instanceof BlockRows ? owners.get(set.source) : undefined;
}
