// Calls of a store infer all they need from the feature.
import type { AnyFeature, InputOf, RowOf, Store, WriteOf } from "stemma";
import { Audio, ChildFeature, type project, SpeakerEmbedding, VideoChunk } from "../../generated/index.js";
import { Kinds } from "../golden/module-column-kinds/expected/generated/kinds.js";
import { Image } from "../golden/module-root/expected/generated/images/image.js";
import { Summary } from "../golden/module-several-deps/expected/generated/summary.js";
import { holds, type Same } from "./same.ts";

declare const store: Store;

// Filters are by the keys of the direct upstreams, and the feature's own.
await store.resolve(Summary, {
  filters: { recording: "duration > 10", review: ["grade = 1", "by = 'me'"], summary: "summary IS NULL" },
});
// @ts-expect-error not an upstream
await store.resolve(Summary, { filters: { audio: "duration > 10" } });
// @ts-expect-error a root has no upstream
await store.resolve(Image, { samples: [], filters: { recording: "width > 10" } });
await store.resolve(Image, { samples: [], filters: { image: "width > 10" } });
// @ts-expect-error not an option
await store.resolve(Summary, { stale: "grade IS NULL" });

// Samples are rows with provenance.
const row: WriteOf<typeof Image> = { image_id: "a", path: "p", width: 1 };
await store.resolve(Image, {
  samples: [{ ...row, metaxy_provenance_by_field: { pixels: "1", caption: "2" } }],
});
// @ts-expect-error no provenance
await store.resolve(Image, { samples: [row] });

// Reading gives the wanted columns and the system columns.
for await (const stored of store.read(Image, { columns: ["path"] })) {
  holds<Same<typeof stored.path, string>>();
  holds<Same<typeof stored.metaxy_updated_at, string>>();
  // @ts-expect-error not asked for
  stored.width;
}
for await (const stored of store.read(Image)) holds<Same<typeof stored.width, number>>();
for await (const stored of store.read(Kinds)) holds<Same<typeof stored.large, bigint>>();
// @ts-expect-error not a column
store.read(Image, { columns: ["hieght"] });

// The value is typed by its own names.
holds<Same<typeof Summary.key, "summary">>();
Summary.fields["quality/grade"].version;
// @ts-expect-error not a field
Summary.fields.grade;
// @ts-expect-error modules are data, and readonly
Summary.featureVersion = "";
holds<Same<typeof project, { readonly name: string; readonly version: string }>>();

// Features of all types stand in for any feature: in lists, records, constraints and interfaces.
const all: readonly AnyFeature[] = [Audio, ChildFeature, SpeakerEmbedding, VideoChunk, Kinds, Summary];
const byKey: Record<string, AnyFeature> = Object.fromEntries(all.map((feature) => [feature.key, feature]));
void byKey;

interface Step<F extends AnyFeature> {
  readonly feature: F;
  readonly work: (row: InputOf<F>) => WriteOf<F>;
}

interface Stage<S extends Step<AnyFeature>> {
  readonly step: S;
}

declare function step<F extends AnyFeature>(feature: F, work: (row: InputOf<F>) => WriteOf<F>): Step<F>;
declare function keyOf<S extends { readonly feature: AnyFeature }>(stage: S): S["feature"]["key"];

const copies = step(ChildFeature, ({ sample_uid, raw_data }) => ({ sample_uid, raw_data }));
holds<Same<ReturnType<typeof keyOf<typeof copies>>, "examples/child">>();
// @ts-expect-error the increment has no such column
step(ChildFeature, ({ sample_uid, raw_dat }) => ({ sample_uid, raw_data: raw_dat }));
// @ts-expect-error the row lacks a column
step(ChildFeature, ({ sample_uid }) => ({ sample_uid }));

async function copy<F extends AnyFeature>(feature: F, rows: readonly RowOf<F>[]): Promise<Stage<Step<F>>[]> {
  const increment = await store.resolve(feature);
  void [increment.counts.new, rows.length];
  return [];
}
await copy(Audio, []);
