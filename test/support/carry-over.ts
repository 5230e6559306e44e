import { type CarriedOver, carryOver } from "../../runtime/engine/migrating/migrate-feature.ts";
import type { StoreContext } from "../../runtime/engine/store-context.ts";
import type { AnyFeature, Store } from "../../runtime/index.ts";

/** Carries the rows of a feature over a rename, as a migration does. */
export async function carriedOver(
  store: Store,
  feature: AnyFeature,
  options: { readonly dryRun?: boolean } = {},
): Promise<CarriedOver | undefined> {
  const context = store as unknown as StoreContext;
  const session = await context.connect(feature);
  try {
    const work = () => carryOver(context, session, feature, options);
    return options.dryRun === true
      ? await session.exclusive(() => session.transaction(work))
      : await context.writing(session, work);
  } finally {
    await session.close();
  }
}
