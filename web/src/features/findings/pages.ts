/** Pages of a list with one item put in the place of its former self. Pure. */
import type { Page } from "../../api/types";

export function replaced<T extends { id: string | number }>(pages: Page<T>[], item: T): Page<T>[] {
  return pages.map((page) => ({
    ...page,
    items: page.items.map((one) => (one.id === item.id ? item : one)),
  }));
}
