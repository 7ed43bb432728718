/** What a key asks of the page, wherever the focus is (but not where one types). */
export type Act = "up" | "down" | "back" | "forward" | "help";

export function shortcut(event: KeyboardEvent): Act | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey) return undefined;
  if (event.composedPath().some((part) => part instanceof HTMLElement && isBusy(part))) return undefined;
  if (event.altKey && event.key === "ArrowUp") return "up";
  if (event.altKey && event.key === "ArrowDown") return "down";
  // "[" and "]" need AltGr on many keyboards: the character decides, not the keys.
  if (event.key === "[") return "back";
  if (event.key === "]") return "forward";
  return event.key === "?" ? "help" : undefined;
}

/** Something that needs keys itself: fields, open sheets. */
function isBusy(element: HTMLElement): boolean {
  return element instanceof HTMLInputElement || element instanceof HTMLDialogElement || element.hasAttribute("popover");
}
