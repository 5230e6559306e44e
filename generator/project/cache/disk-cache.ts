import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { CompileCache } from "../../pipeline/index.ts";
import { sha256 } from "../../pipeline/sha256.ts";

/** A stored text. */
interface Entry {
  /** Sliced from the file on demand: a compile reads few of thousands. */
  readonly bytes: () => Buffer;
  readonly digest: string;
  /** Set once the bytes matched their digest. */
  text?: string;
  /** The parsed text, once somebody asked for it. */
  value?: object;
}

/** Precedes the bytes of all texts, and follows its own digest. Keys with the same text share its bytes. */
interface Header {
  readonly tool: string;
  readonly slices: readonly Slice[];
}

type Slice = readonly [key: string, start: number, length: number, digest: string];

const folderName = "node_modules/.cache/stemma";
const fileName = "compile.cache";

/**
 * How many bytes the cache keeps that the last run did not use, and how many more for each that it used: enough to switch
 * between states that differ in some features, and little to read and write each time.
 */
const spareRoom = 1024 * 1024;
const spareShare = 1 / 4;

/**
 * The cache of compiles in the `node_modules` of a project, in one file.
 *
 * Its first line lists the texts that follow, each with its digest. A broken file or disk makes the cache empty. Of
 * concurrent programs, the last one writes the file.
 */
export class DiskCache implements CompileCache {
  readonly #folder: string;
  readonly #tool: string;
  #entries = new Map<string, Entry>();
  /** The keys that were read or set since the file was written. */
  readonly #used = new Set<string>();
  #isChanged = false;

  private constructor(folder: string, tool: string) {
    this.#folder = folder;
    this.#tool = tool;
  }

  /** Opens the cache of a project; undefined without `node_modules`. `tool`: see `toolFingerprint`. */
  static open(root: string, tool: string): DiskCache | undefined {
    const modules = attempt(() => statSync(join(root, "node_modules")));
    if (modules?.isDirectory() !== true) return undefined;
    const cache = new DiskCache(join(root, folderName), tool);
    cache.#read();
    return cache;
  }

  get(key: string): string | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.text === undefined) {
      const bytes = entry.bytes();
      if (sha256(bytes) === entry.digest) entry.text = bytes.toString();
    }
    if (entry.text !== undefined) this.#used.add(key);
    return entry.text;
  }

  set(key: string, text: string): void {
    if (this.get(key) === text) return;
    const bytes = Buffer.from(text);
    this.#entries.set(key, { bytes: () => bytes, digest: sha256(bytes), text });
    this.#used.add(key);
    this.#isChanged = true;
  }

  read<Value extends object>(key: string, read: (text: string) => Value): Value | undefined {
    const text = this.get(key);
    const entry = this.#entries.get(key);
    if (text === undefined || entry === undefined) return undefined;
    entry.value ??= read(text);
    return entry.value as Value;
  }

  /** Writes the entries that were used since the last time, and as many others as fit. */
  save(): void {
    if (!this.#isChanged) return;
    const used = [...this.#entries].filter(([key]) => this.#used.has(key));
    const unused = [...this.#entries].filter(([key]) => !this.#used.has(key));
    const layout = new Layout();
    for (const [key, entry] of used) layout.add(key, entry);
    const most = (1 + spareShare) * layout.size + spareRoom;
    const kept = unused.filter(([key, entry]) => layout.size < most && layout.add(key, entry));
    this.#entries = new Map([...used, ...kept]);
    this.#used.clear();
    this.#isChanged = false;
    this.#write(layout);
  }

  #read(): void {
    const file = attempt(() => readFileSync(join(this.#folder, fileName)));
    if (file === undefined) return;
    const headerEnd = file.indexOf("\n", digestLength);
    const header = file.subarray(digestLength, headerEnd);
    if (file.toString("utf8", 0, digestLength) !== sha256(header)) return;
    const { tool, slices }: Header = JSON.parse(header.toString());
    if (tool !== this.#tool) return;
    const all = file.subarray(headerEnd + 1);
    for (const [key, start, length, digest] of slices) {
      this.#entries.set(key, { bytes: () => all.subarray(start, start + length), digest });
    }
  }

  #write({ slices, pieces }: Layout): void {
    const header: Header = { tool: this.#tool, slices };
    const line = Buffer.from(JSON.stringify(header));
    const temporary = join(this.#folder, `${fileName}.${process.pid}.${Date.now()}`);
    const written = attempt(() => {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(
        temporary,
        Buffer.concat([Buffer.from(sha256(line)), line, Buffer.from("\n"), ...pieces]),
      );
      renameSync(temporary, join(this.#folder, fileName));
      return true;
    });
    if (written === undefined) attempt(() => rmSync(temporary, { force: true }));
  }
}

/** The texts of the file, one after the other. */
class Layout {
  readonly slices: Slice[] = [];
  readonly pieces: Buffer[] = [];
  readonly #starts = new Map<string, number>();
  size = 0;

  /** Adds a text. Returns true, for use in a condition. */
  add(key: string, { bytes: take, digest }: Entry): true {
    const known = this.#starts.get(digest);
    const bytes = take();
    this.slices.push([key, known ?? this.size, bytes.length, digest]);
    if (known !== undefined) return true;
    this.#starts.set(digest, this.size);
    this.pieces.push(bytes);
    this.size += bytes.length;
    return true;
  }
}

/** Ignores the failures of a disk: the cache is optional. */
function attempt<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

const digestLength = 64;
