import type { Store } from "stemma";
import type { ChildFeature, ParentFeature } from "../../generated/index.ts";
import type { PipelineRun } from "./pipeline.ts";

/** The features of this pipeline, as the generated modules export them. */
export interface BasicFeatures {
  readonly ParentFeature: typeof ParentFeature;
  readonly ChildFeature: typeof ChildFeature;
}

/** A parent's embeddings, and a child's predictions made of them. */
export async function runBasic({
  features,
  project,
  store,
  roots,
  print,
}: PipelineRun<BasicFeatures>): Promise<void> {
  const { ParentFeature, ChildFeature } = features;
  print(`Graph project_version: ${project.version}`);
  await writeParent(store, ParentFeature, roots, print);
  print("Pipeline");
  print("=".repeat(60));
  print("[1/2] Computing parent feature...");
  print("[2/2] Computing child feature...");
  print(`Graph project_version: ${project.version}`);
  await computeChild(store, ChildFeature, print);
  print("✅ Pipeline complete!");
}

async function writeParent(
  store: Store,
  parent: typeof ParentFeature,
  roots: PipelineRun<BasicFeatures>["roots"],
  print: (line: string) => void,
): Promise<void> {
  await using increment = await store.resolve(parent, { samples: roots(parent) });
  if (increment.counts.new + increment.counts.stale === 0) {
    print(
      `Metadata already exists for feature ${parent.key} (feature_version: ${parent.featureVersion.slice(0, 16)}...)`,
    );
    print("Skipping write to avoid duplicates");
    return;
  }
  const { rows } = await increment.write(increment.new);
  print(`Written ${rows} rows for feature ${parent.key}`);
}

async function computeChild(
  store: Store,
  child: typeof ChildFeature,
  print: (line: string) => void,
): Promise<void> {
  print(`📊 Computing ${child.key}...`);
  print(`feature_version: ${child.featureVersion}`);
  await using increment = await store.resolve(child);
  const { counts } = increment;
  print(`Identified: ${counts.new} new samples, ${counts.stale} samples with new provenance_by_field`);
  if (counts.new > 0) {
    const { rows } = await increment.write(increment.new);
    print(`✓ Materialized ${rows} new samples`);
  }
  if (counts.stale > 0) await increment.write(increment.stale);

  print("📋 Child provenance_by_field:");
  for await (const row of store.read(child, { columns: ["sample_uid"] })) {
    print(`sample_uid=${row.sample_uid}: ${JSON.stringify(row.metaxy_provenance_by_field)}`);
  }
  if (counts.new + counts.stale === 0) print("No changes detected (idempotent)");
}
