import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Increment } from "../../increment.ts";
import type { EngineSession } from "../engine.ts";
import { ownerOf } from "../increment/set-owner.ts";
import { storedVersions } from "../tables/stored-versions.ts";
import { isAcknowledged } from "./acknowledged-versions.ts";
import type { ProcessSettings } from "./process-settings.ts";
import { countStoredItems, movedFields } from "./stored-items.ts";

/** Refuses an increment with more work items than expected, unless its feature version is acknowledged. */
export async function assertExpectedWork(
  increment: Increment<AnyFeature>,
  { atMost, acknowledged, resolveOptions }: ProcessSettings,
): Promise<void> {
  const { feature, counts } = increment;
  // A wrong path is an error whether or not it is needed.
  if (await isAcknowledged(feature, acknowledged)) return;
  const work = counts.new + counts.stale;
  const session = ownerOf(increment.new)?.session;
  if (atMost === undefined || work === 0 || session === undefined) return;
  await session.exclusive(async () => {
    const versions = await storedVersions(session, feature);
    const { items, share } = atMost;
    const isFirst = versions.length === 0;
    const stored = share === undefined ? 0 : await countStoredItems(session, feature, resolveOptions);
    const expected = work + increment.failed + Math.max(0, stored - counts.stale - counts.orphaned);
    const tooMany = items !== undefined && work > items;
    const tooLarge = share !== undefined && !isFirst && work > share * expected;
    if (!tooMany && !tooLarge) return;
    throw await tooMuchWork(session, increment, {
      limits: [...(tooMany ? [`items: ${items}`] : []), ...(tooLarge ? [`share: ${share}`] : [])].join(", "),
      expected: share === undefined ? undefined : expected,
      previous: versions.find(({ version }) => version !== feature.featureVersion)?.version,
    });
  });
}

async function tooMuchWork(
  session: EngineSession,
  { feature, counts }: Increment<AnyFeature>,
  {
    limits,
    expected,
    previous,
  }: {
    readonly limits: string;
    readonly expected: number | undefined;
    readonly previous: string | undefined;
  },
): Promise<InputError> {
  const { key, featureVersion } = feature;
  const compared = counts.stale > 0 ? featureVersion : previous;
  const fields = compared === undefined ? [] : await movedFields(session, feature, compared);
  const work = counts.new + counts.stale;
  const of = expected === undefined ? "" : ` of ${expected}`;
  const moved = fields.length === 0 ? "" : ` Fields that moved: ${fields.join(", ")}.`;
  const versions =
    previous === undefined
      ? `Its feature version is ${featureVersion}; nothing is stored under another one.`
      : `Its feature version is ${featureVersion}; the one stored before is ${previous}.`;
  return new InputError(
    "too-much-work",
    `process would compute ${work}${of} work items of ${key} (${counts.new} new, ${counts.stale} stale), more than atMost allows (${limits}). ${versions}${moved} Nothing was computed.

  stemma diff --against <commit of the stored version>

shows the edit. If the work is meant, raise atMost, or pass acknowledged: ["${featureVersion}"].`,
    {
      feature: key,
      new: counts.new,
      stale: counts.stale,
      expected,
      featureVersion,
      previousVersion: previous,
      fields,
    },
  );
}
