import { AppShell, Burger, Group, ScrollArea, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Suspense } from "react";
import { Link, Outlet } from "react-router";
import { useRememberedList } from "../features/recordings/cameFrom";
import { PageLoader } from "../elements/Loading";
import { zoneText } from "../format/time";
import { Logo } from "../elements/Logo";
import { Navigation } from "./Navigation";
import { UserMenu } from "./UserMenu";
import { TEXTS } from "./texts";

export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  useRememberedList();
  return (
    <>
      <a className="skip-link" href="#main">
        {TEXTS.skipToContent}
      </a>
      <AppShell
        header={{ height: { base: 56, sm: 0 } }}
        navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !opened } }}
        padding={{ base: "md", sm: "xl" }}
      >
        <AppShell.Header px="md" hiddenFrom="sm">
          <Group h="100%" justify="space-between">
            <Link to="/" className="quiet-link" aria-label={TEXTS.reelgateStart}>
              <Logo />
            </Link>
            <Burger opened={opened} onClick={toggle} size="sm" aria-label={TEXTS.menu} />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="md" aria-label={TEXTS.main}>
          <AppShell.Section pb="lg" px={8} visibleFrom="sm">
            <Link
              to="/"
              className="quiet-link"
              style={{ textDecoration: "none" }}
              aria-label={TEXTS.reelgateStart}
            >
              <Logo />
            </Link>
          </AppShell.Section>
          <AppShell.Section grow component={ScrollArea}>
            <Navigation onNavigate={close} />
          </AppShell.Section>
          <AppShell.Section>
            <UserMenu />
          </AppShell.Section>
        </AppShell.Navbar>
        <AppShell.Main id="main" tabIndex={-1} style={{ outline: "none" }}>
          <Suspense fallback={<PageLoader />}>
            <Outlet />
          </Suspense>
          <ZoneNote />
        </AppShell.Main>
      </AppShell>
    </>
  );
}

/** Said once: every time on a page is in the viewer's zone, and evidence is read by people in others. */
function ZoneNote() {
  return (
    <Text component="footer" fz="xs" c="dimmed" mt="xl">
      {TEXTS.timeZone(zoneText(new Date()))}
    </Text>
  );
}
