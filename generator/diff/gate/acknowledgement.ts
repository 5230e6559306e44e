import type { Location } from "../../diagnostics/diagnostic.ts";
import type { RuleId } from "../model/rule.ts";

/** A change that somebody accepts: an entry of the committed file. */
export interface Acknowledgement {
  /** Of the change. It decides; the names beside it are for readers, and must be those of the change. */
  readonly fingerprint: string;
  readonly rule: RuleId;
  /** Key of the feature; absent for a change that concerns every feature. */
  readonly feature?: string;
  /** Why it is accepted. */
  readonly reason: string;
  /** Where the entry stands. */
  readonly at: Location;
}
