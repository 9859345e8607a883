/** A page or a part of one as the application shows it, signed in with the given actions. */
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";
import { meQuery } from "../api/me";
import type { Action, Me } from "../api/types";
import { theme } from "../elements/theme";

interface Options {
  actions?: Action[];
  address?: string;
}

export function show(part: ReactNode, { actions = [], address = "/" }: Options = {}) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
  const me: Me = { id: "me", username: "ada", display_name: "Ada Admin", role: "admin", actions };
  queries.setQueryData(meQuery.queryKey, me);
  return render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queries}>
        <MemoryRouter initialEntries={[address]}>{part}</MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
}
