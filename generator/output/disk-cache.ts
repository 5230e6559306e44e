import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CompileCache } from "../cache/index.ts";

/** A piece of the cache file. */
interface Slice {
  readonly key: string;
  readonly start: number;
  readonly length: number;
  readonly digest: string;
}

/** What stands before the pieces, behind its own digest. */
interface Header {
  readonly tool: string;
  readonly slices: readonly Slice[];
}

const folderName = "node_modules/.cache/stemma";
const fileName = "compile.cache";

/** How many bytes that the last run did not use are kept beside as many as it did: enough to go back and forth. */
const spareRoom = 1024 * 1024;

/**
 * The cache of compiles below the `node_modules` of a project, in one file.
 *
 * Its first line lists the pieces that follow, each with its digest. Whatever is wrong with the file, or with the disk,
 * it is as if nothing had been kept. Of programs that run at once, the last one's file stays.
 */
export class DiskCache implements CompileCache {
  readonly #folder: string;
  readonly #tool: string;
  readonly #slices = new Map<string, Slice>();
  readonly #used = new Map<string, string>();
  #bytes: Buffer = Buffer.alloc(0);
  #isChanged = false;

  private constructor(folder: string, tool: string) {
    this.#folder = folder;
    this.#tool = tool;
  }

  /** Opens the cache of a project; none where there is no `node_modules`. `tool` stands for all that compiles. */
  static open(root: string, tool: string): DiskCache | undefined {
    const modules = attempt(() => statSync(join(root, "node_modules")));
    if (modules?.isDirectory() !== true) return undefined;
    const cache = new DiskCache(join(root, folderName), tool);
    cache.#read();
    return cache;
  }

  get(key: string): string | undefined {
    const text = this.#used.get(key) ?? this.#textOf(this.#slices.get(key));
    if (text !== undefined) this.#used.set(key, text);
    return text;
  }

  set(key: string, text: string): void {
    if (this.get(key) === text) return;
    this.#used.set(key, text);
    this.#isChanged = true;
  }

  /** Writes what was used since the last time, and as much of the rest as there is room for. */
  save(): void {
    if (!this.#isChanged) return;
    const pieces: Buffer[] = [];
    const slices: Slice[] = [];
    const known = new Map<string, Slice>();
    let end = 0;
    for (const [key, text] of this.#used) {
      const same = known.get(text);
      if (same !== undefined) {
        slices.push({ ...same, key });
        continue;
      }
      const piece = Buffer.from(text);
      const slice = { key, start: end, length: piece.length, digest: digestOf(piece) };
      known.set(text, slice);
      slices.push(slice);
      pieces.push(piece);
      end += piece.length;
    }
    let room = end + spareRoom;
    for (const slice of this.#slices.values()) {
      if (this.#used.has(slice.key) || slice.length > room) continue;
      pieces.push(this.#bytes.subarray(slice.start, slice.start + slice.length));
      slices.push({ ...slice, start: end });
      end += slice.length;
      room -= slice.length;
    }
    this.#write(slices, Buffer.concat(pieces));
  }

  #read(): void {
    const file = attempt(() => readFileSync(join(this.#folder, fileName)));
    if (file === undefined) return;
    const headerEnd = file.indexOf("\n", digestLength);
    const header = file.subarray(digestLength, headerEnd);
    if (file.toString("utf8", 0, digestLength) !== digestOf(header)) return;
    const { tool, slices }: Header = JSON.parse(header.toString());
    if (tool !== this.#tool) return;
    this.#bytes = file.subarray(headerEnd + 1);
    for (const slice of slices) this.#slices.set(slice.key, slice);
  }

  #textOf(slice: Slice | undefined): string | undefined {
    if (slice === undefined) return undefined;
    const piece = this.#bytes.subarray(slice.start, slice.start + slice.length);
    return digestOf(piece) === slice.digest ? piece.toString("utf8") : undefined;
  }

  /** Goes on with what is written, as if it had just been read. */
  #write(slices: readonly Slice[], bytes: Buffer): void {
    this.#bytes = bytes;
    this.#slices.clear();
    for (const slice of slices) this.#slices.set(slice.key, slice);
    this.#used.clear();
    this.#isChanged = false;
    const header: Header = { tool: this.#tool, slices };
    const line = Buffer.from(JSON.stringify(header));
    const beside = join(this.#folder, `${fileName}.${randomUUID()}`);
    const written = attempt(() => {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(beside, Buffer.concat([Buffer.from(digestOf(line)), line, Buffer.from("\n"), bytes]));
      renameSync(beside, join(this.#folder, fileName));
      return true;
    });
    if (written === undefined) attempt(() => rmSync(beside, { force: true }));
  }
}

/** A disk that can't be read or written keeps nothing, and that is all. */
function attempt<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

const digestLength = 43;

function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("base64url");
}
