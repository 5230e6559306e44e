// What a row to write must have, and may leave out.
import type { FieldOf, GrainOf, IdOf, RowOf, Store, UpstreamOf, WriteOf } from "stemma";
import { Audio } from "../../generated/aggregation/audio.js";
import { SpeakerEmbedding } from "../../generated/aggregation/speaker-embedding.js";
import { ChildFeature } from "../../generated/basic/child.js";
import { VideoScenes } from "../golden/modules/aggregation/expected/generated/scenes.js";
import type { Kinds, KindsRow } from "../golden/modules/column-kinds/expected/generated/kinds.js";
import { TextTokens } from "../golden/modules/identity/expected/generated/tokens.js";
import { Image } from "../golden/modules/root/expected/generated/images/image.js";
import { holds, type Same } from "./same.ts";

declare const store: Store;
declare const kinds: WriteOf<typeof Kinds>;

// Types of columns.
holds<Same<RowOf<typeof Kinds>, KindsRow>>();
holds<Same<KindsRow["large"], bigint>>();
holds<Same<KindsRow["large_or_null"], bigint | null>>();
holds<Same<KindsRow["whole"], number>>();
holds<Same<KindsRow["level"], "low" | "high">>();
holds<Same<KindsRow["constant"], "v1">>();
holds<Same<KindsRow["day"], string | null>>();
holds<Same<KindsRow["left_out"], number | null>>();
holds<Same<KindsRow["vector"], readonly number[]>>();

// Names of columns and fields.
holds<Same<IdOf<typeof TextTokens>, { readonly doc_id: string; readonly page: number }>>();
holds<Same<GrainOf<typeof VideoScenes>, { readonly video_id: string }>>();
holds<Same<FieldOf<typeof Image>, "pixels" | "caption">>();
holds<Same<UpstreamOf<typeof VideoScenes>, "frame" | "video">>();
holds<Same<UpstreamOf<typeof Image>, never>>();

// Nullable columns may be left out, others not.
const image: WriteOf<typeof Image> = { image_id: "a", path: "p", width: 1 };
const noted: WriteOf<typeof Image> = { ...image, note: null };
holds<Same<RowOf<typeof Image>["note"], string | null>>();
// @ts-expect-error the width is required
const narrow: WriteOf<typeof Image> = { image_id: "a", path: "p" };
// @ts-expect-error and never null
const flat: WriteOf<typeof Image> = { image_id: "a", path: "p", width: null };
// @ts-expect-error undefined is not absence
const vague: WriteOf<typeof Image> = { ...image, note: undefined };
// @ts-expect-error not a column
const odd: WriteOf<typeof Image> = { ...image, hieght: 1 };
void [noted, narrow, flat, vague, odd];

// Inside structs and lists as well: a member that may be null is left out, a date-time is a `Date`.
const whole: WriteOf<typeof Kinds> = {
  ...kinds,
  moment: new Date(),
  day: new Date(),
  box: { x: 1, y: 2, size: 3n, taken: new Date() },
  boxes: [{ width: 1 }, { width: 1, height: null }],
};
// @ts-expect-error a required member
const unsized: WriteOf<typeof Kinds> = { ...kinds, box: { x: 1, y: 2 } };
// @ts-expect-error not one of the values
const loud: WriteOf<typeof Kinds> = { ...kinds, level: "deafening" };
// @ts-expect-error literals are no dates
const dated: WriteOf<typeof Kinds> = { ...kinds, level: new Date() };
// @ts-expect-error a number may be too large for int64 to be read back as one
const small: WriteOf<typeof Kinds> = { ...kinds, large: 1 };
void [whole, unsized, loud, dated, small];

// A typed array for a list of numbers, a `Map` for a map.
const dense: WriteOf<typeof Kinds> = {
  ...kinds,
  vector: new Float32Array(3),
  matrix: [new Float64Array(1), [1]],
  scores: new Map([["a", 1]]),
  areas: new Map([["a", { width: 1 }]]),
};
// @ts-expect-error no typed array holds strings
const labelled: WriteOf<typeof Kinds> = { ...kinds, labels: new Uint8Array(1) };
// @ts-expect-error an object of declared members is not a Map
const mapped: WriteOf<typeof Kinds> = { ...kinds, box: new Map([["x", 1]]) };
// @ts-expect-error bigints are not numbers
const large: WriteOf<typeof Kinds> = { ...kinds, vector: new BigInt64Array(3) };
void [dense, labelled, mapped, large];

// `store.write` takes rows that bear their provenance.
const stamp = { metaxy_provenance_by_field: { pixels: "1", caption: "2" } };
await store.write(Image, [{ ...image, ...stamp }]);
// @ts-expect-error no provenance
await store.write(Image, [image]);
// @ts-expect-error not of all fields
await store.write(Image, [{ ...image, metaxy_provenance_by_field: { pixels: "1" } }]);
await store.write(Image, { sql: "SELECT * FROM found WHERE width > $1", params: [10] });

// `increment.write` fills it in.
const tokens = await store.resolve(TextTokens);
await tokens.write([{ doc_id: "a", page: 1, count: 3 }]);
await tokens.write([{ doc_id: "a", page: 1, count: 3, metaxy_data_version_by_field: { tokens: "x" } }]);
// @ts-expect-error the count is required
await tokens.write([{ doc_id: "a", page: 1 }]);
// @ts-expect-error a typo
await tokens.write([{ doc_id: "a", page: 1, cuont: 3 }]);

// A set of an increment can be written as it is where it has all columns of the feature.
const audio = await store.resolve(Audio, { samples: [] });
await audio.write(audio.new);
await audio.write(audio.stale);
const child = await store.resolve(ChildFeature);
await child.write(child.new);
// @ts-expect-error lacks the count
await tokens.write(tokens.new);
// @ts-expect-error orphaned rows are no longer expected
await tokens.write(tokens.orphaned);
const speakers = await store.resolve(SpeakerEmbedding);
// @ts-expect-error lacks the number of dimensions
await speakers.write(speakers.new);

// A parent without children is named by the grain and its provenance.
await store.markEmpty(VideoScenes, [{ video_id: "v", metaxy_provenance_by_field: { scenes: "s" } }]);
