/** All addresses of the web pages on one screen. */
import type { ReactNode } from "react";
import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import type { Action } from "../api/types";
import { homeOf, RequireAction, RequireSignIn } from "./auth";
import { ErrorPage } from "./ErrorPage";
import { PageLoader } from "../elements/Loading";
import { NotFoundPage } from "../elements/NotFoundPage";
import { Shell } from "./Shell";
import { SignInPage } from "./SignInPage";
import { useMe } from "../api/me";

function Home() {
  return <Navigate to={homeOf(useMe())} replace />;
}

function guarded(action: Action, page: ReactNode) {
  return { element: <RequireAction action={action}>{page}</RequireAction> };
}

const pages: RouteObject[] = [
  { index: true, Component: Home },
  {
    path: "targets",
    lazy: async () => {
      const { TargetsPage } = await import("../features/targets/TargetsPage");
      return guarded("target.list", <TargetsPage />);
    },
  },
  {
    path: "sessions",
    lazy: async () => ({ Component: (await import("../features/sessions/SessionsPage")).SessionsPage }),
  },
  {
    path: "recordings",
    lazy: async () => {
      const { RecordingsPage } = await import("../features/recordings/RecordingsPage");
      return guarded("recording.list", <RecordingsPage />);
    },
  },
  {
    path: "recordings/:recordingId",
    lazy: async () => {
      const { RecordingPage } = await import("../features/recordings/RecordingPage");
      return guarded("recording.view", <RecordingPage />);
    },
  },
  {
    path: "search",
    lazy: async () => {
      const { SearchPage } = await import("../features/search/SearchPage");
      return guarded("recording.search", <SearchPage />);
    },
  },
  {
    path: "findings",
    lazy: async () => {
      const { FindingsPage } = await import("../features/findings/FindingsPage");
      return guarded("finding.list", <FindingsPage />);
    },
  },
  {
    path: "watch_terms",
    lazy: async () => {
      const { WatchTermsPage } = await import("../features/watch_terms/WatchTermsPage");
      return guarded("finding.list", <WatchTermsPage />);
    },
  },
  {
    path: "retention",
    lazy: async () => {
      const { RetentionPage } = await import("../features/retention_policies/RetentionPage");
      return guarded("retention.read", <RetentionPage />);
    },
  },
  {
    path: "holds",
    lazy: async () => {
      const { HoldsPage } = await import("../features/holds/HoldsPage");
      return guarded("hold.list", <HoldsPage />);
    },
  },
  {
    path: "exports",
    lazy: async () => {
      const { ExportsPage } = await import("../features/exports/ExportsPage");
      return guarded("recording.export", <ExportsPage />);
    },
  },
  {
    path: "users",
    lazy: async () => {
      const { UsersPage } = await import("../features/users/UsersPage");
      return guarded("user.manage", <UsersPage />);
    },
  },
  {
    path: "audit",
    lazy: async () => {
      const { AuditPage } = await import("../features/audit/AuditPage");
      return guarded("audit.read", <AuditPage />);
    },
  },
  {
    path: "storage",
    lazy: async () => {
      const { StoragePage } = await import("../features/storage/StoragePage");
      return guarded("storage.read", <StoragePage />);
    },
  },
  {
    path: "capacity",
    lazy: async () => {
      const { CapacityPage } = await import("../features/capacity/CapacityPage");
      return guarded("storage.read", <CapacityPage />);
    },
  },
  {
    path: "system",
    lazy: async () => {
      const { SystemPage } = await import("../features/system/SystemPage");
      return guarded("system.read", <SystemPage />);
    },
  },
  { path: "*", Component: NotFoundPage },
];

export const router = createBrowserRouter([
  { path: "/sign-in", Component: SignInPage, ErrorBoundary: ErrorPage },
  {
    path: "/download",
    HydrateFallback: PageLoader,
    ErrorBoundary: ErrorPage,
    lazy: async () => ({ Component: (await import("../features/exports/DownloadPage")).DownloadPage }),
  },
  {
    path: "/desktop/:targetId",
    HydrateFallback: PageLoader,
    ErrorBoundary: ErrorPage,
    lazy: async () => {
      const { DesktopPage } = await import("../live/desktop/DesktopPage");
      const page = (
        <RequireSignIn>
          <RequireAction action="target.open">
            <DesktopPage />
          </RequireAction>
        </RequireSignIn>
      );
      return { element: page };
    },
  },
  {
    path: "/",
    HydrateFallback: PageLoader,
    ErrorBoundary: ErrorPage,
    element: (
      <RequireSignIn>
        <Shell />
      </RequireSignIn>
    ),
    children: pages,
  },
]);
