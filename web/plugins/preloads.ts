/**
 * Writes `preloads.json`: the files each page needs beside the entry, by the first words of its address.
 *
 * The gateway names them in a `Link` header, so that a browser fetches a page's code together with the entry instead of
 * after running it.
 */
import type { Plugin } from "vite";

/** The module of each page by its address; a last part `:id` stands for anything. */
export const PAGE_MODULES: Record<string, string> = {
  "/targets": "features/targets/TargetsPage",
  "/sessions": "features/sessions/SessionsPage",
  "/recordings": "features/recordings/RecordingsPage",
  "/recordings/:id": "features/recordings/RecordingPage",
  "/search": "features/search/SearchPage",
  "/findings": "features/findings/FindingsPage",
  "/watch_terms": "features/watch_terms/WatchTermsPage",
  "/retention": "features/retention_policies/RetentionPage",
  "/holds": "features/holds/HoldsPage",
  "/exports": "features/exports/ExportsPage",
  "/users": "features/users/UsersPage",
  "/audit": "features/audit/AuditPage",
  "/storage": "features/storage/StoragePage",
  "/capacity": "features/capacity/CapacityPage",
  "/system": "features/system/SystemPage",
  "/download": "features/exports/DownloadPage",
  "/desktop/:id": "live/desktop/DesktopPage",
};

interface Chunk {
  type: "chunk" | "asset";
  isEntry?: boolean;
  facadeModuleId?: string | null;
  imports?: readonly string[];
  viteMetadata?: { importedCss: Set<string> };
}

type Bundle = Record<string, Chunk>;

export function preloads(): Plugin {
  return {
    name: "preloads",
    apply: "build",
    generateBundle(_options, bundle) {
      const source = JSON.stringify(preloadsOf(bundle as unknown as Bundle), null, 1);
      this.emitFile({ type: "asset", fileName: "preloads.json", source });
    },
  };
}

/** The files of every page, less those that the start page names by itself. */
export function preloadsOf(bundle: Bundle): Record<string, string[]> {
  const chunks = Object.entries(bundle).filter(([, chunk]) => chunk.type === "chunk");
  const entry = new Set(
    chunks.filter(([, chunk]) => chunk.isEntry).flatMap(([name]) => filesOf(name, bundle)),
  );
  return Object.fromEntries(
    Object.entries(PAGE_MODULES).map(([address, module]) => {
      const found = chunks.find(([, { facadeModuleId }]) => facadeModuleId?.endsWith(`/src/${module}.tsx`));
      if (found === undefined)
        throw new Error(`no chunk of the page ${address}: is ${module}.tsx still its module?`);
      return [address, filesOf(found[0], bundle).filter((name) => !entry.has(name))];
    }),
  );
}

/** A chunk with all that it imports, styles too, each once. */
function filesOf(name: string, bundle: Bundle, seen = new Set<string>()): string[] {
  const chunk = bundle[name];
  if (chunk === undefined || seen.has(name)) return [];
  seen.add(name);
  const imported = (chunk.imports ?? []).flatMap((next) => filesOf(next, bundle, seen));
  return [...new Set([name, ...(chunk.viteMetadata?.importedCss ?? []), ...imported])];
}
