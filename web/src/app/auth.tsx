/** Who is signed in, and what the pages may show; the server decides again on every request. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { meQuery, useMay } from "../api/me";
import type { Action, Me } from "../api/types";
import { ErrorNotice } from "../elements/ErrorNotice";
import { PageLoader } from "../elements/Loading";
import { ForbiddenPage } from "../elements/NotFoundPage";

/** Lets its children show only to someone who is signed in; others go to sign-in and come back. */
export function RequireSignIn({ children }: { children: ReactNode }) {
  const { data, isPending, error, refetch } = useQuery(meQuery);
  const location = useLocation();
  if (isPending) return <PageLoader />;
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  if (data === null) {
    const back = location.pathname + location.search;
    return <Navigate to={back === "/" ? "/sign-in" : `/sign-in?back=${encodeURIComponent(back)}`} replace />;
  }
  return children;
}

export function RequireAction({ action, children }: { action: Action; children: ReactNode }) {
  return useMay()(action) ? children : <ForbiddenPage />;
}

/** Where a role's work begins. */
export function homeOf(me: Pick<Me, "actions">): string {
  if (me.actions.includes("target.open")) return "/targets";
  return me.actions.includes("recording.search") ? "/search" : "/sessions";
}
