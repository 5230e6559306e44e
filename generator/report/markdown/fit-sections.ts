/** A part of a page: a list, and the text around it. */
export interface Section extends List {
  /** The text with some entries of its list, and the number of omitted ones. Never longer for fewer omitted entries. */
  render(fitted: Fitted): string;
  /** Replaces the text where no entry fits. Never longer than the text without entries. */
  readonly ifEmpty?: string;
}

/** A list that may be printed in part. */
export interface List {
  readonly items: readonly Item[];
  /** The number of things in the list, with those that are not offered as items. */
  readonly total: number;
}

/** An entry of a list. */
export interface Item {
  /** The entry in full, then in shorter forms; each is printed as lines of its own. */
  readonly forms: readonly [string, ...string[]];
  /** The number of things in the entry. */
  readonly count: number;
}

/** The part of a list that fits. */
export interface Fitted {
  readonly items: readonly string[];
  readonly omitted: number;
}

/**
 * Joins sections to a text of at most `limit` characters.
 *
 * No text is cut: whole entries are omitted, the last ones first, and each section says how many. A section is omitted
 * only where its text without entries does not fit; then all sections after it are omitted.
 */
export function fitSections(sections: readonly Section[], limit: number): string {
  let remaining = limit;
  const framed: Section[] = [];
  for (const section of sections) {
    remaining -= frameLength(section);
    if (remaining < 0) {
      remaining += frameLength(section);
      break;
    }
    framed.push(section);
  }
  const fitted = fitLists(framed, remaining);
  return framed.map((section, index) => renderFitted(section, fitted[index] ?? nothing)).join("");
}

const nothing: Fitted = { items: [], omitted: 0 };

function frameLength(section: Section): number {
  return section.render({ items: [], omitted: section.total }).length;
}

function renderFitted(section: Section, fitted: Fitted): string {
  const isEmpty = fitted.items.length === 0 && fitted.omitted > 0;
  return isEmpty && section.ifEmpty !== undefined ? section.ifEmpty : section.render(fitted);
}

/** Selects entries of lists that have at most `limit` characters together, each in its longest form that fits. */
export function fitLists(lists: readonly List[], limit: number): Fitted[] {
  let remaining = limit;
  // Many entries in short say more than few in full: so space is reserved for the short forms of later entries.
  const maxReserved = limit / 4;
  let shortForms = sum(lists.flatMap(({ items }) => items.map(shortestLength)));
  return lists.map(({ items, total }) => {
    const selected: string[] = [];
    let omitted = total;
    for (const item of items) {
      shortForms -= shortestLength(item);
      const space = remaining - Math.min(maxReserved, shortForms);
      const form = item.forms.find((text) => lengthOf(text) <= space) ?? item.forms.at(-1) ?? "";
      if (lengthOf(form) > remaining) break;
      remaining -= lengthOf(form);
      omitted -= item.count;
      selected.push(form);
    }
    return { items: selected, omitted };
  });
}

function shortestLength({ forms }: Item): number {
  return lengthOf(forms.at(-1) ?? "");
}

/** With the line break. */
function lengthOf(form: string): number {
  return form.length + 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
