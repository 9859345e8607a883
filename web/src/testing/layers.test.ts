/** Arrows between folders go down: what is lower knows nothing of what is higher, and no folders know each other. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "vitest";
import ts from "typescript";

const SOURCE = resolve(import.meta.dirname, "..");
/** From the ground up. Folders of one level may know each other, but not in a circle. */
const LEVELS = [["format", "elements"], ["api"], ["player"], ["live", "features"], ["app"]] as const;

/** Two names of the folder: of `features` and `live`, whose folders are rooms of their own. */
function roomOf(file: string): string {
  const [top = "", below = ""] = relative(SOURCE, file).split("/");
  return top === "features" || top === "live" ? `${top}/${below}` : top;
}

function levelOf(room: string): number {
  return LEVELS.findIndex((tops) => tops.some((top) => top === room.split("/")[0]));
}

interface Arrow {
  file: string;
  from: string;
  to: string;
}

function arrowsOf(file: string): Arrow[] {
  const from = roomOf(file);
  const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith(".") && !fileName.endsWith(".css"))
    .map(({ fileName }) => ({
      file: relative(SOURCE, file),
      from,
      to: roomOf(resolve(dirname(file), fileName)),
    }))
    .filter(({ to }) => to !== from);
}

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
  .map((name) => join(SOURCE, name))
  .filter((file) => levelOf(roomOf(file)) >= 0);
const arrows = files.flatMap(arrowsOf);

it("finds the folders and what they import", () => {
  expect(new Set(files.map((file) => roomOf(file).split("/")[0]))).toEqual(new Set(LEVELS.flat()));
  expect(arrows.length).toBeGreaterThan(300);
});

it("goes down", () => {
  const upward = arrows.filter(({ from, to }) => levelOf(to) > levelOf(from));
  expect(upward.map(({ file, to }) => `${file} -> ${to}`)).toEqual([]);
});

it("goes in no circle", () => {
  expect(circles(arrows)).toEqual([]);
});

/** What is left when folders that import nothing that is left are taken away again and again. */
function circles(all: readonly Arrow[]): string[] {
  let left = [...all];
  for (;;) {
    const importing = new Set(left.map(({ from }) => from));
    const next = left.filter(({ to }) => importing.has(to));
    if (next.length === left.length) break;
    left = next;
  }
  return [...new Set(left.map(({ file, to }) => `${file} -> ${to}`))];
}
