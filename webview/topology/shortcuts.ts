/** What a key asks of the page, wherever the focus is (but not where one types). */
export type Act =
  | "find"
  | "table"
  | "help"
  | "legend"
  | "zoomIn"
  | "zoomOut"
  | "fit"
  | "up"
  | "down"
  | "focus"
  | "lessFocus"
  | "collapse"
  | "back";

const acts: Readonly<Record<string, Act>> = {
  "/": "find",
  t: "table",
  "?": "help",
  l: "legend",
  "+": "zoomIn",
  "=": "zoomIn",
  "-": "zoomOut",
  "0": "fit",
  f: "focus",
  F: "lessFocus",
  c: "collapse",
  Escape: "back",
};

export function shortcut(event: KeyboardEvent): Act | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const path = event.composedPath();
  if (path.some((part) => part instanceof HTMLElement && isBusy(part, event.key))) return undefined;
  if (event.shiftKey && event.key === "ArrowUp") return "up";
  if (event.shiftKey && event.key === "ArrowDown") return "down";
  return Object.hasOwn(acts, event.key) ? acts[event.key] : undefined;
}

/** Something that needs this key itself: fields need all, open sheets and lists need Escape, lists jump by letters. */
function isBusy(element: HTMLElement, key: string): boolean {
  if (element instanceof HTMLInputElement) return element.type !== "range" || key === "Escape";
  if (element instanceof HTMLDialogElement || element.hasAttribute("popover")) return true;
  return element.getAttribute("role") === "combobox" && key !== "?" && key !== "/";
}
