import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PAGE_MODULES, preloadsOf } from "./preloads";

const CHUNK = { type: "chunk" as const, imports: [] };

describe("preloads", () => {
  it("know every page that is loaded when its address is opened", () => {
    const routes = readFileSync(new URL("../src/app/routes.tsx", import.meta.url), "utf-8");
    const modules = [...routes.matchAll(/import\("\.\.\/([\w/]+)"\)/g)].map(([, module]) => module);
    expect(modules.toSorted()).toEqual(Object.values(PAGE_MODULES).toSorted());
  });

  it("name a page's own files once, and not what the entry brings", () => {
    const pages = Object.values(PAGE_MODULES).map((module, index) => [
      `assets/page-${index}.js`,
      {
        ...CHUNK,
        facadeModuleId: `/app/src/${module}.tsx`,
        imports: ["assets/shared.js", "assets/table.js"],
        viteMetadata: { importedCss: new Set([`assets/page-${index}.css`]) },
      },
    ]);
    const bundle = {
      "assets/index.js": { ...CHUNK, isEntry: true, imports: ["assets/shared.js"] },
      "assets/shared.js": CHUNK,
      "assets/table.js": { ...CHUNK, imports: ["assets/shared.js"] },
      ...Object.fromEntries(pages),
    };
    expect(preloadsOf(bundle)["/targets"]).toEqual([
      "assets/page-0.js",
      "assets/page-0.css",
      "assets/table.js",
    ]);
  });

  it("say which page has lost its module", () => {
    expect(() => preloadsOf({})).toThrow("/targets");
  });
});
