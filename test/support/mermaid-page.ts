import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** The real mermaid in a browser. */
export interface MermaidPage {
  /** Draws a graph as GitHub does; throws where mermaid can't read it, or refuses it for its size. */
  draw(graph: string): Promise<Drawing>;
  close(): Promise<void>;
}

/** What can be seen of a drawn graph. */
export interface Drawing {
  /** The text of every node, lines joined by `\n`. */
  readonly labels: readonly string[];
  readonly arrows: number;
  /** Elements within labels beside those that mermaid makes of its own. */
  readonly foreign: readonly string[];
}

/** What is used of the page and of mermaid. */
interface Page {
  readonly document: {
    readonly body: { innerHTML: string };
    querySelectorAll(selector: string): Iterable<Part>;
  };
  readonly mermaid: {
    initialize(settings: { readonly startOnLoad: boolean; readonly securityLevel: string }): void;
    parse(graph: string): Promise<unknown>;
    render(id: string, graph: string): Promise<{ readonly svg: string }>;
  };
}

/** An element of the page. */
interface Part {
  readonly tagName: string;
  readonly textContent: string;
  querySelectorAll(selector: string): Iterable<Part>;
  replaceWith(text: string): void;
}

/** Starts a browser with a page for drawing. All settings but the level of security are mermaid's own. */
export async function openMermaidPage(browserPath: string, securityLevel = "strict"): Promise<MermaidPage> {
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
  const page = await browser.newPage();
  await page.addScriptTag({ path: fileURLToPath(import.meta.resolve("mermaid/dist/mermaid.min.js")) });
  await page.evaluate((level) => {
    const { mermaid } = globalThis as unknown as Page;
    mermaid.initialize({ startOnLoad: false, securityLevel: level });
  }, securityLevel);
  return {
    draw: (graph) => page.evaluate(drawInPage, graph),
    close: () => browser.close(),
  };
}

/** Runs in the browser, so it has to bring all that it uses. */
async function drawInPage(graph: string): Promise<Drawing> {
  const { mermaid, document } = globalThis as unknown as Page;
  await mermaid.parse(graph);
  document.body.innerHTML = (await mermaid.render("drawing", graph)).svg;
  const nodes = [...document.querySelectorAll(".nodeLabel")];
  for (const end of document.querySelectorAll(".nodeLabel br")) end.replaceWith("\n");
  return {
    labels: nodes.map(({ textContent }) => textContent),
    arrows: [...document.querySelectorAll(".flowchart-link")].length,
    foreign: nodes.flatMap((node) =>
      [...node.querySelectorAll("*")].map(({ tagName }) => tagName).filter((name) => name !== "P"),
    ),
  };
}
